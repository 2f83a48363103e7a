"""Worker processes of this machine that end with the process they work for."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait

RARELY = 50_000  # new objects between two searches; 700 by default

_interrupted = False  # in a worker: whether Ctrl-C was pressed


@contextmanager
def rare_collection() -> Iterator[None]:
    """Let Python look for circular rubbish less often while the block runs.

    A credential is a tree of thousands of small objects that goes as a whole; after
    every 700 of them Python would search it for circles that are never there, which
    takes a tenth of the time.
    """
    before = gc.get_threshold()
    gc.set_threshold(RARELY, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """A process pool; what it has not begun is dropped when the block is left."""
    # Started afresh rather than forked: a copy of this process would hold the lock
    # of the journal after this process was killed.
    executor = ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), initializer=begin_worker
    )
    try:
        with _no_interrupt():
            for _ in range(workers):
                executor.submit(os.getpid)
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Ctrl-C is ignored meanwhile, and by each worker until it is ready.

    Every process of a terminal gets it; one that is just being started would print
    a traceback.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say how signals are taken
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def begin_worker() -> None:
    """A worker ends its record when Ctrl-C is pressed, and never outlives its parent.

    It must not die of Ctrl-C: half an answer in the pipe, or the lock of the pipe
    still held, would let the process that waits for it wait for ever.
    """
    gc.set_threshold(RARELY)
    signal.signal(signal.SIGINT, _note_interrupt)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def stop_if_interrupted() -> None:
    """`KeyboardInterrupt` in a worker that was asked to stop; between two records."""
    if _interrupted:
        raise KeyboardInterrupt


def _note_interrupt(*_: object) -> None:
    global _interrupted
    _interrupted = True


def _end_with_parent() -> None:
    # A worker waits for work on a pipe that it holds open itself: without this it
    # would wait for ever once its parent was killed.
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
