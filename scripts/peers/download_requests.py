"""The first practical example: files by requests, one by one or in a thread pool.

usage: download_requests.py THREADS LIST FOLDER
"""
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import requests

threads, addresses, folder = int(sys.argv[1]), open(sys.argv[2]).read().split(), sys.argv[3]


def download(job):
    number, address = job
    response = requests.get(address)
    with open(os.path.join(folder, f"file{number}"), "wb") as f:
        f.write(response.content)


with ThreadPoolExecutor(max_workers=threads) as executor:
    for future in [executor.submit(download, job) for job in enumerate(addresses)]:
        future.result()
