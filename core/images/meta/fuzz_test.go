package meta_test

import (
	"bytes"
	"testing"

	"manyhands/core/images/meta"
)

func FuzzRead(f *testing.F) {
	for _, format := range formats {
		for _, order := range orders {
			f.Add(source(f, format, order, profile("RGB ", "sRGB", 3)), format)
		}
	}
	f.Fuzz(func(t *testing.T, file []byte, format string) {
		data := read(file, format)
		if len(data.EXIF) > 1<<20 || len(data.ICC) > 4<<20 {
			t.Errorf("%d and %d bytes", len(data.EXIF), len(data.ICC))
		}
		if o := data.Orientation(); o < 1 || o > 8 {
			t.Errorf("orientation %d", o)
		}
		if at, ok := data.Taken(); ok == at.IsZero() && at.Year() != 1 {
			t.Errorf("taken %v, %v", at, ok)
		}
		if small := data.Thumbnail(); len(small) > len(data.EXIF) {
			t.Errorf("a thumbnail of %d bytes", len(small))
		}
		if meta.SRGB(data.ICC) && !meta.RGB(data.ICC) {
			t.Error("sRGB, but not RGB")
		}
	})
}

func FuzzFor(f *testing.F) {
	for _, order := range orders {
		f.Add(camera(order), true)
		for _, exif := range looped(order) {
			f.Add(exif, false)
		}
	}
	f.Fuzz(func(t *testing.T, exif []byte, gps bool) {
		if wrong := promises(exif, gps); wrong != "" {
			t.Error(wrong)
		}
	})
}

func FuzzEmbed(f *testing.F) {
	icc := profile("RGB ", "sRGB", 3)
	for _, format := range formats {
		f.Add(result(f, format), format, camera(orders["II"]), icc)
		f.Add(result(f, format), format, camera(orders["MM"]), icc)
	}
	f.Fuzz(func(t *testing.T, encoded []byte, format string, exif, icc []byte) {
		given := meta.Data{EXIF: exif, ICC: icc}
		out, left := given.Embed(encoded, format)
		if left == "EXIF and colour profile" && !bytes.Equal(out, encoded) {
			t.Error("the picture was changed though nothing was put in")
		}
		if config, err := decodeConfig(encoded, format); err == nil {
			if got, err := decodeConfig(out, format); err != nil || got != config {
				t.Errorf("the picture is %v, %v, was %v", got, err, config)
			}
		}
		again := read(out, format)
		if len(icc) > 0 && len(read(encoded, format).ICC) == 0 && left == "" && !bytes.Equal(again.ICC, icc) {
			t.Errorf("the profile became %q", again.ICC)
		}
	})
}

func FuzzProfile(f *testing.F) {
	f.Add(profile("RGB ", "sRGB", 3))
	f.Add(multilingual("sRGB v4"))
	f.Fuzz(func(t *testing.T, icc []byte) {
		if meta.SRGB(icc) && (!meta.RGB(icc) || len(icc) < 128) {
			t.Errorf("sRGB, but not RGB")
		}
	})
}
