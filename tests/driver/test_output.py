"""What an earlier run left does not outlive the start of the next."""

from seer.driver.output import clear, write_json


def test_an_earlier_result_is_cleared_and_other_files_are_kept(tmp_path):
    simulated = tmp_path / "rtl" / "seer" / "sim.json"
    simulated.parent.mkdir(parents=True)
    ours = [tmp_path / "result.json", tmp_path / "f_seer.cpp", simulated]
    others = [tmp_path / "notes.txt", tmp_path / "g_seer.cpp"]
    for path in (*ours, *others):
        write_json(path, {})
    clear(tmp_path, "f")
    assert not any(path.exists() for path in ours)
    assert all(path.exists() for path in others)
