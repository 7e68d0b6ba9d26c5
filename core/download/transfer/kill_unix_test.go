//go:build unix

package transfer

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"manyhands/core/safefile"
	"manyhands/core/web"
)

// child is the process that gets killed: it loads over one connection a file
// that comes slowly.
func child(address, dir string) {
	client, err := web.New(web.Options{HTTP1: true, Proxy: "none", Bandwidth: 20e6})
	if err != nil {
		os.Exit(2)
	}
	folder, err := safefile.Open(dir)
	if err != nil {
		os.Exit(2)
	}
	o := Options{Client: client, Folder: folder, Existing: safefile.Rename, Segments: os.Getpid() % 4, Stall: time.Minute}
	for {
		_, err = o.Do(context.Background(), Request{Address: address, Progress: new(Progress)})
		if err == nil || !Temporary(err) {
			fmt.Println(err)
			os.Exit(0)
		}
	}
}

func TestKilledAgainAndAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes ten seconds")
	}
	server := serve(t)
	address := server.URL() + "/file/big.bin?size=48MB"
	want := fetch(t, address)
	dir := t.TempDir()
	resumed := 0
	for round := range 100 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "TRANSFER_CHILD="+address, "TRANSFER_FOLDER="+dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(500*time.Millisecond+rand.N(time.Second), func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		if part, err := os.ReadFile(filepath.Join(dir, "big.bin.part")); err == nil && len(part) > 0 {
			resumed++
		}
		if got, err := os.ReadFile(filepath.Join(dir, "big.bin")); err == nil {
			if string(got) != string(want) {
				t.Fatal("it has a wrong byte")
			}
			t.Logf("%d rounds, %d with a part", round+1, resumed)
			break
		}
		if round == 99 {
			t.Fatal("it never ends")
		}
	}
	if resumed == 0 {
		t.Error("it was never gone on with")
	}
	p := reenter(t, Options{}, dir) // and takes the leftovers away
	p.only("big.bin")
}
