package meta_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"manyhands/core/images/meta"
)

// simple is EXIF data with one directory.
func simple(order byteOrder, tags ...tag) []byte {
	return append(head(order, 8), ifd(order, 8, 0, tags...)...)
}

func TestForTwiceIsForOnce(t *testing.T) {
	for name, order := range orders {
		for _, gps := range []bool{true, false} {
			once := meta.Data{EXIF: camera(order)}.For(800, 600, gps)
			twice := once.For(800, 600, gps)
			if !bytes.Equal(once.EXIF, twice.EXIF) {
				t.Errorf("%s, GPS %v:\n%q, then\n%q", name, gps, once.EXIF, twice.EXIF)
			}
		}
	}
}

func TestForLeavesTheSourceAlone(t *testing.T) {
	exif := camera(orders["II"])
	before := bytes.Clone(exif)
	meta.Data{EXIF: exif}.For(1, 1, false)
	if !bytes.Equal(exif, before) {
		t.Error("the source's data was changed")
	}
}

func TestForKeepsTheProfile(t *testing.T) {
	icc := profile("RGB ", "sRGB", 3)
	for name, exif := range map[string][]byte{"EXIF data": camera(orders["II"]), "none": nil, "bad EXIF data": []byte("nothing")} {
		got := meta.Data{EXIF: exif, ICC: icc, Frame: 0xc2}.For(1, 1, true)
		if !bytes.Equal(got.ICC, icc) || got.Frame != 0 {
			t.Errorf("%s: %q, frame %x", name, got.ICC, got.Frame)
		}
	}
}

func TestMakerNoteKeepsItsPlace(t *testing.T) {
	for name, order := range orders {
		exif := camera(order)
		got := meta.Data{EXIF: exif}.For(800, 600, false).EXIF
		if at, was := bytes.Index(got, []byte(makerNote)), bytes.Index(exif, []byte(makerNote)); at != was || at < 0 {
			t.Errorf("%s: at %d, was at %d", name, at, was)
		}
	}
}

func TestSizesAreThoseOfTheResult(t *testing.T) {
	order := orders["MM"]
	sub := func(tags ...tag) []byte {
		first := ifd(order, 8, 0, long(order, 0x8769, 26))
		return slices.Concat(head(order, 8), first, ifd(order, 26, 0, tags...))
	}
	for name, test := range map[string]struct {
		exif          []byte
		width, height int
		want          map[string]string
	}{
		"none told":       {simple(order, ascii(271, "Maker")), 80, 60, map[string]string{"0/10f": "Maker"}},
		"short":           {sub(short(order, 0xa002, 1), short(order, 0xa003, 1)), 80, 60, map[string]string{"8769/a002": "80", "8769/a003": "60"}},
		"long":            {sub(long(order, 0xa002, 1), long(order, 0xa003, 1)), 80, 60, map[string]string{"8769/a002": "80", "8769/a003": "60"}},
		"short outgrown":  {sub(short(order, 0xa002, 1), short(order, 0xa003, 1)), 70000, 60, map[string]string{"8769/a002": "70000", "8769/a003": "60"}},
		"of another type": {sub(rational(order, 0xa002, 7, 8)), 80, 60, map[string]string{"8769/a002": "80"}},
		"in the first":    {simple(order, short(order, 256, 1), long(order, 257, 1)), 80, 60, map[string]string{"0/100": "80", "0/101": "60"}},
	} {
		got := tagsOf(t, meta.Data{EXIF: test.exif}.For(test.width, test.height, false).EXIF)
		if !maps.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

func TestResultIsUpright(t *testing.T) {
	for name, order := range orders {
		for _, orientation := range []tag{
			short(order, 274, 6), long(order, 274, 8), ascii(274, "x"), ascii(274, "a long text"), opaque(274, ""), {274, 99, 1, []byte{6}},
		} {
			got := meta.Data{EXIF: simple(order, ascii(271, "M"), orientation)}.For(8, 6, false)
			if tags := tagsOf(t, got.EXIF); tags["0/112"] != "1" || tags["0/10f"] != "M" {
				t.Errorf("%s, of type %d: %v", name, orientation.kind, tags)
			}
		}
	}
}

func TestThumbnailAtTheEndIsCutOff(t *testing.T) {
	exif := camera(orders["II"])
	got := meta.Data{EXIF: exif}.For(8, 6, true)
	if want := len(exif) - len(small); len(got.EXIF) > want {
		t.Errorf("%d bytes are left, want at most %d", len(got.EXIF), want)
	}
	if got := meta.Data.For(got, 8, 6, false); len(got.EXIF) > bytes.Index(exif, []byte(latitude))-50 {
		t.Errorf("without the position %d bytes are left", len(got.EXIF))
	}
}

func TestThumbnailInTheMiddleIsBlankedOut(t *testing.T) {
	exif := append(camera(orders["MM"]), "data that a maker note refers to"...)
	got := meta.Data{EXIF: exif}.For(8, 6, true).EXIF
	if len(got) != len(exif) || !bytes.HasSuffix(got, []byte(strings.Repeat("\x00", len(small))+"data that a maker note refers to")) {
		t.Errorf("%q", got)
	}
}

func TestUncompressedThumbnailGoesToo(t *testing.T) {
	order := orders["II"]
	first := ifd(order, 8, 60, ascii(271, "Maker of cameras"))
	second := ifd(order, 60, 0, tag{273, 4, 2, []byte{100, 0, 0, 0, 120, 0, 0, 0}}, tag{279, 3, 2, []byte{10, 0, 10, 0}})
	b := slices.Concat(head(order, 8), first)
	b = slices.Concat(b, make([]byte, 60-len(b)), second)
	b = slices.Concat(b, make([]byte, 100-len(b)), []byte("strip one!0123456789strip two!"))
	got := meta.Data{EXIF: b}.For(8, 6, true).EXIF
	if bytes.Contains(got, []byte("strip")) || !bytes.Contains(got, []byte("0123456789")) {
		t.Errorf("%q", got)
	}
}

func TestOtherWordsOnThePictureGo(t *testing.T) {
	order := orders["II"]
	exif := simple(order, ascii(271, "Maker"), opaque(700, xmp), opaque(33723, "IPTC: the city"), opaque(34377, "8BIM: the city"))
	got := meta.Data{EXIF: exif}.For(8, 6, true).EXIF
	if tags := tagsOf(t, got); !maps.Equal(tags, map[string]string{"0/10f": "Maker"}) {
		t.Errorf("%v", tags)
	}
	if bytes.Contains(got, []byte("the ")) {
		t.Errorf("%q", got)
	}
}

func TestNothingIsLeftOfAPositionOnly(t *testing.T) {
	order := orders["II"]
	exif := append(simple(order, long(order, 0x8825, 26)), ifd(order, 26, 0, ascii(1, "N"))...)
	if got := (meta.Data{EXIF: exif}).For(8, 6, false); got.EXIF != nil {
		t.Errorf("%q", got.EXIF)
	}
	if got := (meta.Data{EXIF: exif}).For(8, 6, true); !got.HasGPS() {
		t.Errorf("where it was wanted: %q", got.EXIF)
	}
}

func TestPositionInAWrongPlaceGoes(t *testing.T) {
	order := orders["MM"]
	exif := slices.Concat(head(order, 8), ifd(order, 8, 0, long(order, 0x8769, 26)), ifd(order, 26, 0, short(order, 0xa001, 1), long(order, 0x8825, 56)),
		ifd(order, 56, 0, tag{2, 5, 3, []byte(latitude)}))
	data := meta.Data{EXIF: exif}
	got := data.For(8, 6, false)
	if !data.HasGPS() || got.HasGPS() || bytes.Contains(got.EXIF, []byte(latitude)) {
		t.Errorf("%v, then %v: %q", data.HasGPS(), got.HasGPS(), got.EXIF)
	}
	if tags := tagsOf(t, got.EXIF); tags["8769/a001"] != "1" {
		t.Errorf("%v", tags)
	}
}

func TestTagThatComesTwiceCountsOnce(t *testing.T) {
	order := orders["II"]
	data := meta.Data{EXIF: simple(order, short(order, 274, 3), short(order, 274, 8), long(order, 0x8769, 62), long(order, 0x8769, 80))}
	data.EXIF = slices.Concat(data.EXIF, ifd(order, 62, 0, short(order, 0xa001, 1)), ifd(order, 80, 0, short(order, 0xa001, 2)))
	if got := data.Orientation(); got != 3 {
		t.Errorf("orientation %d", got)
	}
	got := tagsOf(t, data.For(8, 6, false).EXIF) // which does not accept tags that come twice
	if want := map[string]string{"0/112": "1", "8769/a001": "1"}; !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestTagsOutOfOrderArePutInOrderForTIFF(t *testing.T) {
	order := orders["II"]
	exif := simple(order, ascii(271, "A"), ascii(272, "B"))
	copy(exif[10:], slices.Concat(exif[22:34], exif[10:22]))
	out, _ := meta.Data{EXIF: exif}.Embed(result(t, "TIFF"), "TIFF")
	for name, got := range map[string]map[string]string{"read": tagsOf(t, read(exif, "TIFF").EXIF), "embedded": tagsOf(t, out)} {
		if got["0/10f"] != "A" || got["0/110"] != "B" {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestDirectoriesInADirectoryComeToAnEnd(t *testing.T) {
	order := orders["MM"]
	exif := head(order, 8)
	for range 10_000 {
		exif = append(exif, ifd(order, len(exif), 0, ascii(271, "M"), long(order, 0x8769, uint32(len(exif)+30)))...)
	}
	again := simple(order, ascii(271, "M"), long(order, 0x8769, 8))
	for name, got := range map[string][]byte{
		"revised": meta.Data{EXIF: exif}.For(8, 6, false).EXIF, "as a TIFF": read(exif, "TIFF").EXIF, "looped": read(again, "TIFF").EXIF,
	} {
		depth := 1
		for at := 8; order.Uint16(got[at:]) == 2; depth++ {
			at = int(order.Uint32(got[at+22:]))
		}
		if depth > 8 || depth > 1 && name == "looped" {
			t.Errorf("%s: %d directories", name, depth)
		}
	}
}

// looped are structures whose directories lie over each other, or go nowhere.
func looped(order byteOrder) map[string][]byte {
	maker := ascii(271, "M")
	many := make([]tag, 0, 3000)
	for i := range 3000 {
		many = append(many, long(order, uint16(40000+i), 8))
	}
	return map[string][]byte{
		"next is the first":        append(head(order, 8), ifd(order, 8, 8, maker, short(order, 274, 3))...),
		"EXIF is the first":        simple(order, maker, long(order, 0x8769, 8)),
		"all are the first":        simple(order, maker, long(order, 0x8769, 8), long(order, 0x8825, 8), long(order, 0xa005, 8)),
		"EXIF lies over the first": simple(order, maker, long(order, 0x8769, 12)),
		"GPS lies over the first":  simple(order, maker, long(order, 0x8825, 12)),
		"GPS is the header":        simple(order, maker, long(order, 0x8825, 0)),
		"EXIF is beyond the end":   simple(order, maker, long(order, 0x8769, 1<<31)),
		"EXIF is a text":           simple(order, maker, ascii(0x8769, "abc")),
		"thumbnail is all":         append(head(order, 8), ifd(order, 8, 8, maker, long(order, 513, 0), long(order, 514, 1<<31))...),
		"next thumbnail is all": append(append(head(order, 8), ifd(order, 8, 26, maker)...),
			ifd(order, 26, 0, long(order, 513, 0), long(order, 514, 1<<31))...),
		"values are beyond": simple(order, maker, tag{270, 2, 1 << 31, make([]byte, 4)}),
		"many":              simple(order, append(many, maker)...),
	}
}

func TestLoopsAndOverlapsAreCut(t *testing.T) {
	for name, order := range orders {
		for what, exif := range looped(order) {
			data := meta.Data{EXIF: exif}
			data.Taken()
			data.Thumbnail()
			once := data.For(8, 6, false)
			if tags := tagsOf(t, once.EXIF); tags["0/10f"] != "M" {
				t.Errorf("%s, %s: %v", name, what, tags)
			}
			if twice := once.For(8, 6, false); !bytes.Equal(once.EXIF, twice.EXIF) || once.HasGPS() {
				t.Errorf("%s, %s: %q, then %q", name, what, once.EXIF, twice.EXIF)
			}
			for _, format := range formats {
				encoded := result(t, format)
				out, left := once.Embed(encoded, format)
				samePicture(t, encoded, out, format)
				if tags := tagsOf(t, read(out, format).EXIF); left != "" || tags["0/10f"] != "M" {
					t.Errorf("%s, %s in %s: %q left, %v", name, what, format, left, tags)
				}
			}
		}
	}
}

// TestDamagedDataKeepsItsPromises changes bytes of sound data at random, which
// gets deeper than what a fuzzer makes up.
func TestDamagedDataKeepsItsPromises(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, order := range orders {
		for range 1500 {
			exif := camera(order)
			for range 1 + random.IntN(6) {
				exif[random.IntN(len(exif))] = byte(random.IntN(256) >> random.IntN(8))
			}
			if wrong := promises(exif, random.IntN(2) == 0); wrong != "" {
				t.Fatalf("%q: %s", exif, wrong)
			}
		}
	}
}

// promises says which of For's is broken, "" if none.
func promises(exif []byte, gps bool) string {
	once := meta.Data{EXIF: exif}.For(8, 6, gps)
	switch {
	case once.Orientation() != 1:
		return fmt.Sprintf("orientation %d", once.Orientation())
	case once.HasGPS() && !gps:
		return "it has a position"
	case once.Thumbnail() != nil:
		return fmt.Sprintf("it has a thumbnail: %q", once.Thumbnail())
	case len(once.EXIF) > len(exif):
		return "it grew"
	}
	if twice := once.For(8, 6, gps); !bytes.Equal(twice.EXIF, once.EXIF) {
		return fmt.Sprintf("first %q, then %q", once.EXIF, twice.EXIF)
	}
	return ""
}
