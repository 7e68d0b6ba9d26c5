package transfer

import "os"

// These are for tests that run only elsewhere.
func child(string, string) { os.Exit(2) }
func rawServer()           { os.Exit(2) }
