"""One replica that books what is due, as fast as it may: says `ready`, waits for a line, prints how
many, from when, until when.
"""

import asyncio
import sys
import time
from datetime import UTC, datetime

from adapters.storage.store import open_store


async def main(url: str) -> None:
    store = await open_store(url)
    await store.figures(datetime.now(UTC))  # connects
    print("ready", flush=True)
    sys.stdin.readline()
    booked = 0
    started = time.time()
    while batch := (await store.book(datetime.now(UTC))).booked:
        booked += batch
    print(booked, started, time.time())
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
