package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestVersionIsThatOfTheBundle(t *testing.T) {
	toml, err := os.ReadFile("FyneApp.toml")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^Version = "(.*)"$`).FindSubmatch(toml)
	if found == nil || string(found[1]) != version {
		t.Errorf("FyneApp.toml has version %q, the program %q", found, version)
	}
}

// logsOf runs one of the tests below in a process of its own, with a state
// folder of its own, and returns the crash logs that it leaves.
func logsOf(t *testing.T, how string) []string {
	t.Helper()
	state := t.TempDir()
	child := exec.Command(os.Args[0], "-test.run", "^TestCrashLog")
	child.Env = append(os.Environ(), "XDG_STATE_HOME="+state, "MANYHANDS_TEST_END="+how)
	out, err := child.CombinedOutput()
	if crashed := err != nil; crashed != (how == "panic") {
		t.Fatalf("%v: %s", err, out)
	}
	logs, err := filepath.Glob(filepath.Join(state, "manyhands", "*.log"))
	if err != nil {
		t.Fatal(err)
	}
	return logs
}

func TestCrashLogIsKeptOfACrashOnly(t *testing.T) {
	if how := os.Getenv("MANYHANDS_TEST_END"); how != "" {
		ended := keepCrashLog()
		if how == "panic" {
			go panic("the sky is falling")
			select {}
		}
		ended()
		return
	}
	if logs := logsOf(t, "well"); len(logs) != 0 {
		t.Errorf("a program that ended well left %v", logs)
	}
	logs := logsOf(t, "panic")
	if len(logs) != 1 {
		t.Fatalf("a crash left the logs %v", logs)
	}
	if text, err := os.ReadFile(logs[0]); err != nil || !strings.Contains(string(text), "the sky is falling") {
		t.Errorf("the log says %q (%v)", text, err)
	}
}
