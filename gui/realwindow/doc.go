// Package realwindow holds the tests that need a real window: they start a
// screen of their own (Xvfb, with openbox to manage its windows) and are built
// only with the tag xvfb.
//
//	go test -tags xvfb ./gui/realwindow/              MANYHANDS_BINARY names the program
//	go test -tags xvfb -run '^$' -bench . ./gui/realwindow/
package realwindow
