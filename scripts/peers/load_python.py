#!/usr/bin/python3
"""Loading users with Python's own sqlite3.

usage: load_python.py make CSV ROWS           write a CSV of users
       load_python.py spoil CSV TO            copy it with one line of 1,000 cut short
       load_python.py many CSV DB             add it to the table users in one transaction
       load_python.py each DB ROWS WORKERS    a new table, a commit for each row, a connection for each thread
"""
import csv, os, random, sqlite3, sys, threading, time
from concurrent.futures import ThreadPoolExecutor


def make(path, rows):
    chance = random.Random(7)
    with open(path, "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(["id", "name", "email", "created_at"])
        for i in range(int(rows)):
            name = f"{chance.choice(['Ann', 'Bob', 'Chen', 'Dana', 'Eve'])}{' ' if chance.random() > 0.04 else ', '}{chance.choice(['Smith', 'Li', 'Okoye', 'Weber'])}"
            out.writerow([i, name, f"user{i}@example.com", f"2026-{1 + i % 12:02}-{1 + i % 28:02} 12:{i % 60:02}:00"])


def spoil(path, to):
    with open(path) as f, open(to, "w") as out:
        for i, line in enumerate(f):
            out.write(line if i % 1000 != 500 else line.split(",")[0] + ",cut\n")


def many(path, db):
    with open(path, newline="") as f:
        rows = csv.reader(f)
        next(rows)
        connection = sqlite3.connect(db)
        connection.executemany("INSERT INTO users VALUES (?, ?, ?, ?)", rows)
        connection.commit()
        connection.close()


def each(db, rows, workers):
    for name in (db, db + "-journal"):
        if os.path.exists(name):
            os.remove(name)
    connection = sqlite3.connect(db)
    connection.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)")
    connection.close()
    own = threading.local()

    def insert(i):
        if not hasattr(own, "connection"):
            own.connection = sqlite3.connect(db)
        try:
            with own.connection:
                own.connection.execute("INSERT INTO users (id, name, email) VALUES (?, ?, ?)", (i, f"User{i}", f"user{i}@example.com"))
            return 0
        except sqlite3.OperationalError:
            return 1

    began = time.monotonic()
    with ThreadPoolExecutor(int(workers)) as pool:
        lost = sum(pool.map(insert, range(int(rows))))
    print(f"Python, {workers} thread(s): {int(rows) / (time.monotonic() - began):.0f} rows/s, {lost} lost")


globals()[sys.argv[1]](*sys.argv[2:])
