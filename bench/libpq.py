# SPDX-License-Identifier: Apache-2.0
"""Just enough of libpq, by ctypes, to be a contestant: one connection, one message, one answer."""

import ctypes
import ctypes.util

_pq = ctypes.CDLL(ctypes.util.find_library("pq") or "libpq.so.5")
_pq.PQconnectdb.restype = ctypes.c_void_p
_pq.PQexec.restype = ctypes.c_void_p
_pq.PQerrorMessage.restype = ctypes.c_char_p
for name in ("PQstatus", "PQfinish", "PQerrorMessage"):
    getattr(_pq, name).argtypes = [ctypes.c_void_p]
_pq.PQexec.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
for name in ("PQresultStatus", "PQclear"):
    getattr(_pq, name).argtypes = [ctypes.c_void_p]
_FAILED = (5, 7)  # PGRES_BAD_RESPONSE, PGRES_FATAL_ERROR


class Connection:
    """with Connection(url) as c: c.run(sql)"""

    def __init__(self, url, settings=True):
        self._handle = _pq.PQconnectdb(url.encode())
        if _pq.PQstatus(self._handle) != 0:
            raise RuntimeError(_pq.PQerrorMessage(self._handle).decode())
        if settings:
            self.run("SET client_min_messages = warning")

    def run(self, sql):
        """One simple query; what it gives is not looked at."""
        result = _pq.PQexec(self._handle, sql.encode())
        failed = _pq.PQresultStatus(result) in _FAILED
        _pq.PQclear(result)
        if failed:
            raise RuntimeError(_pq.PQerrorMessage(self._handle).decode())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        _pq.PQfinish(self._handle)
