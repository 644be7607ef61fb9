"""Ctrl-C as a request: what it stops, what it leaves alone, and when it ends everything."""

from __future__ import annotations

import signal
import threading

import pytest

from seer.driver.interrupts import Interrupts


@pytest.fixture(autouse=True)
def default_handler():
    # A test run that a shell has put into the background ignores interrupts.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupt() -> None:
    signal.raise_signal(signal.SIGINT)


def test_the_first_is_noted_and_raised_in_what_can_be_stopped() -> None:
    with Interrupts() as interrupts:
        interrupt()
        assert interrupts.noted
        with pytest.raises(KeyboardInterrupt), interrupts.stoppable():
            pytest.fail("work that was to be left out")
        with interrupts.stoppable(all_the_same=True):
            done = True
        assert done


def test_it_ends_stoppable_work_at_once() -> None:
    with Interrupts() as interrupts, pytest.raises(KeyboardInterrupt), interrupts.stoppable():
        interrupt()
        pytest.fail("work went on")


def test_a_second_one_ends_any_work() -> None:
    with Interrupts() as interrupts:
        interrupt()
        with pytest.raises(KeyboardInterrupt):
            interrupt()
        assert interrupts.noted


def test_it_may_be_entered_twice_and_leaves_everything_as_it_was() -> None:
    with Interrupts() as interrupts:
        with interrupts:
            interrupt()
        assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with pytest.raises(KeyboardInterrupt):
        interrupt()


def test_other_threads_and_other_handlers_are_left_alone() -> None:
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with Interrupts() as interrupts, interrupts.stoppable():
                pass
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert failures == []
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Interrupts() as interrupts:
        interrupt()
    assert not interrupts.noted
