package codec

import (
	"bytes"
	"image"
	"image/jpeg"
	"io"
	"slices"
	"sort"
)

const lessSharp = "the whole picture is there, but not at its full quality"

// jpeg gives the file an end where it breaks off. If that leaves rows out, it
// takes the scans before the broken one, which have the whole picture at lower
// quality; if there are none, the rows that are there.
func (r rescue) jpeg() (m image.Image, missing string, err error) {
	sc := scansOf(r.Source)
	if sc.n == 0 {
		return nil, "", errNothing
	}
	m, err = r.jpegUpTo(sc.end)
	switch {
	case err == nil && sc.whole():
		return m, "", nil
	case !r.partly:
		return nil, "", errNothing
	case err == nil:
		return sc.coloured(m), lessSharp, nil
	}
	if sc.n > 1 {
		if m, err = r.jpegUpTo(sc.last); err == nil {
			return sc.coloured(m), lessSharp, nil
		}
	}
	return r.jpegRows(sc)
}

// scans is what a JPEG's scan headers (ITU-T T.81, B.2.3) say before it ends.
type scans struct {
	frame frame
	n     int
	last  int64            // where the last one starts
	end   int64            // where the last whole segment, or scan data, ends
	exact [256]coefficient // by component: those there are at full precision
	seen  [256]bool        // components
}

// coefficient is a set of the 64 of a block.
type coefficient uint64

func scansOf(s *Source) *scans {
	sc := new(scans)
	sc.end, _ = walkJPEG(s.start(), func(seg segment) bool {
		switch {
		case isFrame(seg.marker):
			sc.frame = newFrame(seg)
		case seg.marker == markerSOS:
			sc.add(seg)
		}
		return true
	})
	return sc
}

func (sc *scans) add(s segment) {
	b := s.body
	if len(b) < 1 || len(b) < 4+2*int(b[0]) {
		return
	}
	sc.n++
	sc.last = s.at
	n := int(b[0])
	first, final, low := b[1+2*n], b[2+2*n], b[3+2*n]&15
	these := ^coefficient(0)
	if sc.frame.progressive() {
		these = 2<<min(final, 63) - 1<<min(first, 63)
	}
	for i := range n {
		id := b[1+2*i]
		sc.seen[id] = true
		if low == 0 || !sc.frame.progressive() {
			sc.exact[id] |= these
		}
	}
}

// whole tells whether the scans have everything of the picture.
func (sc *scans) whole() bool {
	return !slices.ContainsFunc(sc.frame.components, func(c component) bool { return sc.exact[c.id] != ^coefficient(0) })
}

// coloured makes a picture grey of which the scans with the colours are
// missing. The decoder leaves their planes zero, which is green.
func (sc *scans) coloured(m image.Image) image.Image {
	y, ok := m.(*image.YCbCr)
	if !ok || len(sc.frame.components) != 3 {
		return m
	}
	for i, plane := range [][]byte{nil, y.Cb, y.Cr} {
		if !sc.seen[sc.frame.components[i].id] {
			copy(plane, bytes.Repeat([]byte{128}, len(plane)))
		}
	}
	return y
}

var endOfImage = []byte{0xff, markerEOI}

func (r rescue) jpegUpTo(end int64) (image.Image, error) {
	return jpeg.Decode(r.buffered(io.MultiReader(r.part(0, end), bytes.NewReader(endOfImage))))
}

// jpegRows looks for the most rows that can be decoded, by letting the frame
// header claim fewer and fewer: the decoder passes what is left of the scan.
func (r rescue) jpegRows(sc *scans) (best image.Image, missing string, err error) {
	each := sc.frame.rowHeight()
	sort.Search((sc.frame.height-1)/each, func(i int) bool {
		m, err := r.jpegOfHeight((i+1)*each, sc)
		if err == nil {
			best = m
		}
		return err != nil
	})
	if best == nil {
		return nil, "", errNothing
	}
	m := taller(sc.coloured(best), sc.frame.height)
	missing = lower(m, best.Bounds().Dy())
	if sc.frame.progressive() {
		missing += ", and the rest is not at its full quality"
	}
	return m, missing, nil
}

func (r rescue) jpegOfHeight(height int, sc *scans) (image.Image, error) {
	at := sc.frame.at + heightInFrame
	claim := []byte{byte(height >> 8), byte(height)}
	return jpeg.Decode(r.buffered(io.MultiReader(
		r.part(0, at), bytes.NewReader(claim), r.part(at+2, sc.end), bytes.NewReader(endOfImage))))
}

// taller adds rows below a picture as the JPEG decoder returns it.
func taller(m image.Image, height int) image.Image {
	var out image.Image
	width := m.Bounds().Dx()
	full := image.Rect(0, 0, width, height)
	switch m := m.(type) {
	case *image.YCbCr:
		return tallerPlanes(m, full)
	case *image.Gray:
		out = image.NewGray(full)
	case *image.RGBA:
		out = image.NewRGBA(full)
	case *image.CMYK:
		out = image.NewCMYK(full)
	}
	from, to := rasterOf(m), rasterOf(out)
	for y := range m.Bounds().Dy() {
		copy(to.row(y, width), from.row(y, width))
	}
	return out
}

func tallerPlanes(m *image.YCbCr, full image.Rectangle) *image.YCbCr {
	out := image.NewYCbCr(full, m.SubsampleRatio)
	plane := func(to []byte, toStride int, from []byte, fromStride int) {
		for len(from) > 0 && len(to) > 0 {
			copy(to[:toStride], from)
			to, from = to[toStride:], from[min(fromStride, len(from)):]
		}
	}
	plane(out.Y, out.YStride, m.Y, m.YStride)
	plane(out.Cb, out.CStride, m.Cb, m.CStride)
	plane(out.Cr, out.CStride, m.Cr, m.CStride)
	return out
}

// blankPlanes makes the rows from one on grey.
func blankPlanes(m *image.YCbCr, from int) {
	luma, chroma := m.YOffset(0, from), m.COffset(0, from)
	for _, plane := range [][]byte{m.Y[luma:], m.Cb[chroma:], m.Cr[chroma:]} {
		copy(plane, bytes.Repeat([]byte{128}, len(plane)))
	}
}
