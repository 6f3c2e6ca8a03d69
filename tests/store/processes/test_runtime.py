"""One server on a data folder, and a socket wherever that lies."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from utbildningsdata.errors import OperationError
from utbildningsdata.store.processes import runtime


def test_a_second_server_on_the_same_data_is_told_so(tmp_path: Path) -> None:
    second = runtime.claimed(tmp_path)
    with runtime.claimed(tmp_path), pytest.raises(OperationError, match="Another server"):
        second.__enter__()
    with runtime.claimed(tmp_path):
        pass


def test_only_the_owner_reads_what_a_running_server_needs(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir(mode=0o777)
    with runtime.claimed(tmp_path):
        assert stat.S_IMODE((tmp_path / "run").stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_is_an_operation_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OperationError, match="cannot be written"):
        runtime.spool(tmp_path / "file")


def test_spooling_begins_with_an_empty_folder(tmp_path: Path) -> None:
    (runtime.spool(tmp_path) / "left").touch()
    assert list(runtime.spool(tmp_path).iterdir()) == []


def test_a_socket_is_reached_in_a_folder_whose_path_no_socket_address_holds(
    tmp_path: Path,
) -> None:
    data = tmp_path.joinpath(*["long" * 20] * 3)
    with runtime.claimed(data), runtime.listen(data) as listener:
        with runtime.connect(data) as connection:
            connection.sendall(b"x")
            accepted, _ = listener.accept()
            with accepted:
                assert accepted.recv(1) == b"x"
        with runtime.listen(data):
            pass


def test_where_nobody_listens_connecting_fails(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        runtime.connect(tmp_path)
