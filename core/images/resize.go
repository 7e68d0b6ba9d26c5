package images

import (
	"context"
	"image"
	"image/draw"
)

// Resizing is bicubic as Pillow's: a convolution with the Catmull-Rom kernel,
// widened to the scale when the picture gets smaller, first along the rows,
// then along the columns, rounded to bytes in between.
//
// It works on planes, so a JPEG's colour, which usually has half the size, is
// scaled as it is stored, and on one goroutine, so that workers do not get in
// each other's way.

// plane is one channel of a picture: width x height samples, step bytes apart.
// It covers span samples of each direction, which is half of one less than the
// samples where a side of the picture is odd and its colour is halved.
type plane struct {
	pix           []uint8
	stride, step  int
	width, height int
	spanX, spanY  float64
}

// scaler owns what resizing needs, and uses it again.
type scaler struct {
	line   []uint8 // a row of a plane whose samples are not next to each other
	middle []uint8 // the plane, with its rows scaled
	sums   []int32
	planes [3][]uint8
}

// resized makes a picture of a new size. A picture that is to keep its size is
// converted only.
func (s *scaler) resized(ctx context.Context, m image.Image, size area) (*image.NRGBA, error) {
	if m.Bounds().Dx() == size.Width && m.Bounds().Dy() == size.Height {
		return toNRGBA(m), ctx.Err()
	}
	switch m := m.(type) {
	case *image.YCbCr:
		return s.resizedYCbCr(ctx, m, size)
	case *image.Gray:
		return s.resizedGray(ctx, m, size)
	}
	return s.resizedRGBA(ctx, premultiplied(m), size)
}

func (s *scaler) resizedYCbCr(ctx context.Context, m *image.YCbCr, size area) (*image.NRGBA, error) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	subX, subY := subsampling(m.SubsampleRatio)
	in := [3]plane{{m.Y, m.YStride, 1, w, h, float64(w), float64(h)}}
	for i, pix := range [2][]uint8{m.Cb, m.Cr} {
		in[i+1] = plane{pix, m.CStride, 1, (w + subX - 1) / subX, (h + subY - 1) / subY, float64(w) / float64(subX), float64(h) / float64(subY)}
	}
	for i, p := range in {
		s.planes[i] = room(s.planes[i], size.Width*size.Height)
		if err := s.scale(ctx, plane{pix: s.planes[i], stride: size.Width, step: 1, width: size.Width, height: size.Height}, p); err != nil {
			return nil, err
		}
	}
	return toNRGBA(&image.YCbCr{
		Y: s.planes[0], Cb: s.planes[1], Cr: s.planes[2], YStride: size.Width, CStride: size.Width,
		SubsampleRatio: image.YCbCrSubsampleRatio444, Rect: image.Rect(0, 0, size.Width, size.Height),
	}), nil
}

// subsampling is how many pixels a sample of colour covers.
func subsampling(r image.YCbCrSubsampleRatio) (x, y int) {
	switch r {
	case image.YCbCrSubsampleRatio422:
		return 2, 1
	case image.YCbCrSubsampleRatio420:
		return 2, 2
	case image.YCbCrSubsampleRatio440:
		return 1, 2
	case image.YCbCrSubsampleRatio411:
		return 4, 1
	case image.YCbCrSubsampleRatio410:
		return 4, 2
	}
	return 1, 1
}

func (s *scaler) resizedGray(ctx context.Context, m *image.Gray, size area) (*image.NRGBA, error) {
	s.planes[0] = room(s.planes[0], size.Width*size.Height)
	out := plane{pix: s.planes[0], stride: size.Width, step: 1, width: size.Width, height: size.Height}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	if err := s.scale(ctx, out, plane{m.Pix, m.Stride, 1, w, h, float64(w), float64(h)}); err != nil {
		return nil, err
	}
	return toNRGBA(&image.Gray{Pix: out.pix, Stride: out.stride, Rect: image.Rect(0, 0, size.Width, size.Height)}), nil
}

// resizedRGBA scales colours weighted by their opacity, so that the hidden
// colour of transparent pixels does not show at edges.
func (s *scaler) resizedRGBA(ctx context.Context, m *image.RGBA, size area) (*image.NRGBA, error) {
	out := image.NewRGBA(image.Rect(0, 0, size.Width, size.Height))
	w, h := m.Rect.Dx(), m.Rect.Dy()
	for c := range 4 {
		to := plane{pix: out.Pix[c:], stride: out.Stride, step: 4, width: size.Width, height: size.Height}
		if err := s.scale(ctx, to, plane{m.Pix[c:], m.Stride, 4, w, h, float64(w), float64(h)}); err != nil {
			return nil, err
		}
	}
	for i := 0; i < len(out.Pix); i += 4 { // bicubic may overshoot: colour above opacity is not allowed
		p := out.Pix[i : i+4 : i+4]
		p[0], p[1], p[2] = min(p[0], p[3]), min(p[1], p[3]), min(p[2], p[3])
	}
	return toNRGBA(out), nil
}

// scale fills the plane out from the plane in.
func (s *scaler) scale(ctx context.Context, out, in plane) error {
	s.middle = room(s.middle, out.width*in.height)
	across := newTaps(in.width, in.spanX, out.width)
	for y := range in.height {
		if y%64 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		across.row(s.middle[y*out.width:][:out.width], s.row(in, y))
	}
	if cap(s.sums) < out.width {
		s.sums = make([]int32, out.width)
	}
	down, sums := newTaps(in.height, in.spanY, out.height), s.sums[:out.width]
	for y := range out.height {
		if y%64 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		down.column(sums, s.middle, y)
		narrow(out.pix[y*out.stride:], out.step, sums)
	}
	return nil
}

// row is one row of a plane, its samples next to each other.
func (s *scaler) row(p plane, y int) []uint8 {
	if p.step == 1 {
		return p.pix[y*p.stride:][:p.width]
	}
	s.line = room(s.line, p.width)
	for x, from := 0, p.pix[y*p.stride:]; x < p.width; x++ {
		s.line[x] = from[x*p.step]
	}
	return s.line
}

// kept is how much a scaler keeps from one picture to the next.
const kept = 16 << 20

// trim gives up buffers that were needed for an unusually large picture.
func (s *scaler) trim() {
	if cap(s.middle) > kept || cap(s.planes[0]) > kept {
		*s = scaler{}
	}
}

// room is a buffer of n bytes, the old one if it is large enough.
func room(b []uint8, n int) []uint8 {
	if cap(b) < n {
		return make([]uint8, n)
	}
	return b[:n]
}

// premultiplied is a picture with its origin at 0,0 and its colours weighted
// by their opacity. It may share the pixels of m.
func premultiplied(m image.Image) *image.RGBA {
	bounds := image.Rect(0, 0, m.Bounds().Dx(), m.Bounds().Dy())
	switch m := m.(type) {
	case *image.RGBA:
		return &image.RGBA{Pix: m.Pix, Stride: m.Stride, Rect: bounds}
	case *image.NRGBA:
		if m.Opaque() {
			return &image.RGBA{Pix: m.Pix, Stride: m.Stride, Rect: bounds}
		}
	}
	out := image.NewRGBA(bounds)
	draw.Draw(out, bounds, m, m.Bounds().Min, draw.Src)
	return out
}

// toNRGBA is a picture as the filters take it. It may share the pixels of m.
func toNRGBA(m image.Image) *image.NRGBA {
	bounds := image.Rect(0, 0, m.Bounds().Dx(), m.Bounds().Dy())
	switch m := m.(type) {
	case *image.NRGBA:
		return &image.NRGBA{Pix: m.Pix, Stride: m.Stride, Rect: bounds}
	case *image.RGBA:
		if m.Opaque() {
			return &image.NRGBA{Pix: m.Pix, Stride: m.Stride, Rect: bounds}
		}
	case *image.YCbCr, *image.Gray: // opaque, and drawn fast to RGBA only
		out := image.NewRGBA(bounds)
		draw.Draw(out, bounds, m, m.Bounds().Min, draw.Src)
		return &image.NRGBA{Pix: out.Pix, Stride: out.Stride, Rect: bounds}
	}
	out := image.NewNRGBA(bounds)
	draw.Draw(out, bounds, m, m.Bounds().Min, draw.Src)
	return out
}
