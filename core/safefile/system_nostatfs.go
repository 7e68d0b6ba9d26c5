//go:build unix && !linux && !darwin && !freebsd

package safefile

func free(string) (int64, bool) { return 0, false }
