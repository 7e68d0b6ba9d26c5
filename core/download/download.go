package download

import (
	"time"

	"manyhands/core/download/transfer"
	"manyhands/core/safefile"
)

// Download is what became of one address.
type Download struct {
	File    string         `json:"file" col:"File"`                         // below the folder
	Size    int64          `json:"bytes" col:"Size" unit:"B"`               // of the file
	Speed   float64        `json:"bytes_per_second" col:"Speed" unit:"B/s"` // a second, while it was loaded
	Resumed int64          `json:"resumed_bytes" col:"Resumed" unit:"B"`    // that were there before this run
	SHA256  string         `json:"sha256" col:"-"`                          // hexadecimal; "": not computed
	Type    string         `json:"type" col:"-"`                            // image/jpeg
	Final   string         `json:"final_url" col:"-"`                       // after redirects
	Note    string         `json:"note" col:"Note"`                         // what is unusual
	unnamed *safefile.File // still to be committed
}

func newDownload(f transfer.File) Download {
	d := Download{File: f.Name, Size: f.Size, Resumed: f.Resumed, SHA256: f.Sum, Type: f.Type, Final: f.Final, Note: f.Note, unnamed: f.Unnamed}
	if f.Took > 0 {
		d.Speed = float64(f.Size-f.Resumed) / max(f.Took, time.Millisecond).Seconds()
	}
	return d
}
