# SPDX-License-Identifier: Apache-2.0
"""A loopback proxy in front of a Unix socket that simulates distance: every byte arrives half a
round trip later, in each direction, and the waits of the client are counted. A wait is a turn from
the client's bytes to the server's."""

import asyncio
import threading


class Distance:
    """with Distance(socket_path, round_trip_seconds) as d: … d.port … d.waits"""

    def __init__(self, socket_path, round_trip):
        self.socket_path = socket_path
        self.delay = round_trip / 2
        self.waits = 0
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()

    def __enter__(self):
        threading.Thread(target=self._run, daemon=True).start()
        self._ready.wait()
        return self

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _end(self):
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _run(self):
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._client, "127.0.0.1", 0, limit=1 << 20))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()

    async def _client(self, reader, writer):
        far_reader, far_writer = await asyncio.open_unix_connection(self.socket_path, limit=1 << 20)
        state = {"asked": False}
        try:
            await asyncio.gather(self._pipe(reader, far_writer, state, True),
                                 self._pipe(far_reader, writer, state, False))
        except asyncio.CancelledError:
            pass  # the bench is over

    def _note(self, state, asks):
        if not asks and state["asked"]:
            self.waits += 1
        state["asked"] = asks

    async def _pipe(self, reader, writer, state, asks):
        queue = asyncio.Queue()

        async def deliver():
            while True:
                due, data = await queue.get()
                await asyncio.sleep(max(0, due - self._loop.time()))
                if not data:
                    writer.close()
                    return
                writer.write(data)
                await writer.drain()

        delivery = asyncio.ensure_future(deliver())
        try:
            while True:
                data = await reader.read(1 << 16)
                if data:
                    self._note(state, asks)
                queue.put_nowait((self._loop.time() + self.delay, data))
                if not data:
                    break
            await delivery
        except (OSError, asyncio.CancelledError):
            delivery.cancel()
            writer.close()
