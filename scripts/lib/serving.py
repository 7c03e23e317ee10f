"""Asks an address again and again, over new and kept connections, until a file appears.

usage: serving.py URL STOP-FILE

Prints how many requests got which answer as JSON; ends with 1 when a request got no answer or a status other than 200.
At most 300 seconds and 20,000 requests, of an address on this machine.
"""

import collections
import http.client
import json
import os
import sys
import time
from urllib.parse import urlsplit


def main() -> int:
    url, stop = urlsplit(sys.argv[1]), sys.argv[2]
    if url.hostname != "127.0.0.1":
        sys.exit("serving.py asks only 127.0.0.1")
    counts: collections.Counter = collections.Counter()
    kept = None
    begun = time.monotonic()
    number = 0
    while not os.path.exists(stop) and time.monotonic() - begun < 300 and number < 20_000:
        number += 1
        fresh = number % 2 == 0
        try:
            if fresh or kept is None:
                connection = http.client.HTTPConnection(url.hostname, url.port, timeout=10)
            else:
                connection = kept
            connection.request("GET", url.path)
            answer = connection.getresponse()
            answer.read()
            counts[f"{answer.status} of {answer.headers.get('X-Portal-Version', 'nobody')}"] += 1
            if answer.status != 200:
                counts["lost"] += 1
            kept = None if fresh or answer.will_close else connection
        except OSError as error:
            counts[type(error).__name__] += 1
            counts["lost"] += 1
            kept = None
        time.sleep(0.02)
    print(json.dumps(dict(counts)))
    return 1 if counts["lost"] or not number else 0


if __name__ == "__main__":
    sys.exit(main())
