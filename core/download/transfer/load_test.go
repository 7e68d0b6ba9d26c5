package transfer

import (
	"testing"
	"time"

	"manyhands/core/practice"
	"manyhands/core/safefile"
)

var (
	_ = practice.Serve
	_ = safefile.Rename
	_ = time.Second
)

func TestFilesOfManySizes(t *testing.T) {
	server := serve(t)
	for _, size := range []string{"0", "1", "1000", "262144", "262145", "1MB", "3000001", "20MB"} {
		t.Run(size, func(t *testing.T) {
			address := server.URL() + "/file/name.bin?size=" + size
			p := in(t, Options{Sums: true})
			want := fetch(t, address)
			f := p.load(Request{Address: address}, want)
			if f.Name != "name.bin" || f.Type != "application/octet-stream" || f.Sum != sumOf(want) || f.Segments != 1 || f.Resumed != 0 || f.Note != "" || f.Final != address {
				t.Errorf("%+v", f)
			}
			p.only("name.bin")
		})
	}
}
