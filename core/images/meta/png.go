package meta

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"io"
	"slices"
)

// readPNG also looks behind the pixels, where eXIf may be (PNG, 5.6). Only the
// first profile is tried, so that many small chunks do not each inflate.
func readPNG(r io.ReaderAt, size int64) Data {
	var d Data
	profile := false
	for c := range pngChunks(r, size) {
		switch {
		case c.kind == "IEND":
			return d
		case c.kind == "eXIf" && d.EXIF == nil:
			d.EXIF = exifIn(c.content(r, size, mostEXIF))
		case c.kind == "iCCP" && !profile:
			profile = true
			d.ICC = inflated(c.content(r, size, mostICC))
		}
	}
	return d
}

// inflated is the profile in an iCCP chunk, after its name and the method,
// which is always 0 (PNG, 11.3.2.3).
func inflated(content []byte) []byte {
	_, rest, _ := bytes.Cut(content, []byte{0})
	if len(rest) == 0 || rest[0] != 0 {
		return nil
	}
	z, err := zlib.NewReader(bytes.NewReader(rest[1:]))
	if err != nil {
		return nil
	}
	icc, err := io.ReadAll(io.LimitReader(z, mostICC+1))
	if err != nil || len(icc) == 0 || len(icc) > mostICC {
		return nil
	}
	return icc
}

// embedPNG puts the chunks after the header: a profile has to come before the
// palette and the pixels, and no other word on the colours beside it (PNG,
// 5.6 and 11.3.2).
func embedPNG(encoded []byte, d Data) ([]byte, bool) {
	var out []byte
	r := bytes.NewReader(encoded)
	for c := range pngChunks(r, r.Size()) {
		end := c.at + c.length + 4
		switch {
		case end > r.Size(), (out == nil) != (c.kind == "IHDR"):
			return nil, false
		case c.kind == "IHDR":
			out = append(make([]byte, 0, len(encoded)+len(d.EXIF)+len(d.ICC)+1<<10), encoded[:end]...)
			out = appendICCP(out, d.ICC)
			if len(d.EXIF) > 0 {
				out = appendChunk(out, "eXIf", d.EXIF)
			}
		case c.kind == "IDAT":
			return append(out, encoded[c.at-8:]...), true
		case len(d.ICC) == 0 || !slices.Contains([]string{"cHRM", "cICP", "gAMA", "iCCP", "sRGB"}, c.kind):
			out = append(out, encoded[c.at-8:end]...)
		}
	}
	return nil, false
}

func appendICCP(out, icc []byte) []byte {
	if len(icc) == 0 {
		return out
	}
	content := bytes.NewBufferString("ICC profile\x00\x00")
	z := zlib.NewWriter(content)
	_, _ = z.Write(icc) // into memory, which does not fail
	_ = z.Close()
	return appendChunk(out, "iCCP", content.Bytes())
}

func appendChunk(out []byte, kind string, content []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(content)))
	start := len(out)
	out = append(append(out, kind...), content...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[start:]))
}
