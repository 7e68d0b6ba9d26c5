"""Fetches addresses with a sliding log of the times of requests, on 5 threads.

usage: fetch_log.py RATE ADDRESS...
"""
import sys, threading, time, urllib.request
from collections import deque
from concurrent.futures import ThreadPoolExecutor


class Log:
    """At most so many requests in any second, by the time they are sent."""

    def __init__(self, rate):
        self.rate, self.sent, self.lock = rate, deque(), threading.Lock()

    def wait(self):
        with self.lock:
            now = time.time()
            while self.sent and now - self.sent[0] > 1:
                self.sent.popleft()
            if len(self.sent) >= self.rate:
                time.sleep(max(0, self.sent[0] + 1 - now))
            self.sent.append(time.time())


def fetch(address):
    log.wait()
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            answer.read()
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code


log = Log(int(sys.argv[1]))
with ThreadPoolExecutor(5) as pool:
    statuses = list(pool.map(fetch, sys.argv[2:]))
print(sum(s == 200 for s in statuses), "of", len(statuses))
