"""One prover for all tests here; its cache is shared by the processes of one test run."""

import pytest

from seer.egraph.proof import ProofCache, Prover


@pytest.fixture(scope="session")
def prover(tmp_path_factory: pytest.TempPathFactory) -> Prover:
    return Prover(ProofCache(tmp_path_factory.getbasetemp().parent / "seer-cache"))
