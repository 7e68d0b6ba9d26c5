// Package practice makes everything that is needed to try the program without
// the internet.
package practice

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"math/rand/v2"
	"runtime"

	"golang.org/x/sync/errgroup"

	"manyhands/core/safefile"
)

// shapes are the sizes that the pictures have in turn, 3 to 4 megapixels as
// cameras and screens make them.
var shapes = []image.Point{{2304, 1536}, {2048, 1536}, {1536, 2048}, {2400, 1350}, {1920, 1920}}

// pngEvery is how many pictures there are to a PNG, which is a smaller one:
// noise takes PNG long.
const pngEvery = 12

// Pictures writes n pictures, the same each time, that have what photographs
// have: soft light, hard edges, colour and noise. They are photo-001.jpg and
// so on; a few are PNG. Those already there are left as they are.
func Pictures(ctx context.Context, dir string, n int) error {
	folder, err := safefile.Open(dir)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx) // ended by the last picture, or the first error
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		group.Go(func() error { return picture(ctx, folder, i) })
	}
	return errors.Join(group.Wait(), folder.Sync(), folder.Close())
}

func picture(ctx context.Context, folder *safefile.Folder, i int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	name, isPNG := fmt.Sprintf("photo-%03d.jpg", i+1), i%pngEvery == 1
	if isPNG {
		name = fmt.Sprintf("photo-%03d.png", i+1)
	}
	return put(ctx, folder, name, func(w io.Writer) error { return write(w, i, isPNG) })
}

// put writes a file, unless it is there.
func put(ctx context.Context, folder *safefile.Folder, name string, write func(io.Writer) error) error {
	file, err := folder.Create(name, safefile.Skip)
	if errors.Is(err, safefile.ErrExists) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Abort()
	out := bufio.NewWriterSize(file, 64<<10)
	if err := errors.Join(write(out), out.Flush()); err != nil {
		return err
	}
	_, err = file.Commit(ctx)
	return err
}

func write(w io.Writer, i int, isPNG bool) error {
	size := shapes[i%len(shapes)]
	if !isPNG {
		return jpeg.Encode(w, scene(uint64(i), size), &jpeg.Options{Quality: 90}) //nolint:gosec // an index
	}
	m := scene(uint64(i), size.Div(2)) //nolint:gosec // an index
	return (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(w, m)
}

// disc is a round thing in a scene.
type disc struct {
	x, y, radius int
	light        int
	cb, cr       uint8
}

// scene paints one picture: sky and ground, some discs, a little noise. It is
// painted as JPEG stores it, light for each pixel and colour for each four.
func scene(seed uint64, size image.Point) *image.YCbCr {
	random := rand.New(rand.NewPCG(seed, 0x6d616e79)) //nolint:gosec // to look at
	m := image.NewYCbCr(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio420)
	horizon := size.Y * (40 + random.IntN(30)) / 100
	background(m, horizon, random)
	for range 12 {
		paint(m, disc{
			x: random.IntN(size.X), y: random.IntN(size.Y), radius: size.Y / (6 + random.IntN(30)),
			light: random.IntN(120) - 60, cb: uint8(70 + random.IntN(120)), cr: uint8(70 + random.IntN(120)), //nolint:gosec // small
		})
	}
	grain(m, random)
	return m
}

// background is a sky that gets lighter towards the horizon and a ground with
// furrows.
func background(m *image.YCbCr, horizon int, random *rand.Rand) {
	sky, ground := 110+random.IntN(60), 60+random.IntN(50)
	furrow := 30 + random.Float64()*60
	for y := range m.Rect.Dy() {
		row := m.Y[y*m.YStride:][:m.Rect.Dx()]
		for x := range row {
			light := sky + 80*y/horizon
			if y >= horizon {
				light = ground + 60*x/len(row)
			}
			row[x] = uint8(min(light, 250)) //nolint:gosec // 60 to 250
		}
		if y >= horizon {
			furrows(row, furrow, float64(y-horizon))
		}
	}
	for i := range m.Cb {
		below := i/m.CStride*2 >= horizon
		m.Cb[i], m.Cr[i] = 150, 110
		if below {
			m.Cb[i], m.Cr[i] = 100, 130
		}
	}
}

func furrows(row []uint8, width, depth float64) {
	period := width + depth/8
	for x := 0; x < len(row); x += 4 {
		shade := uint8(20 + 18*math.Sin(2*math.Pi*float64(x)/period))
		for i := x; i < min(x+4, len(row)); i++ {
			row[i] -= shade
		}
	}
}

func paint(m *image.YCbCr, d disc) {
	bounds := image.Rect(d.x-d.radius, d.y-d.radius, d.x+d.radius, d.y+d.radius).Intersect(m.Rect)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			dx, dy := x-d.x, y-d.y
			if dx*dx+dy*dy > d.radius*d.radius {
				continue
			}
			light := &m.Y[m.YOffset(x, y)]
			*light = uint8(min(max(int(*light)+d.light-dy*30/d.radius, 5), 250)) //nolint:gosec // bounded
			m.Cb[m.COffset(x, y)], m.Cr[m.COffset(x, y)] = d.cb, d.cr
		}
	}
}

// grain is a sensor's noise, eight pixels from each random number.
func grain(m *image.YCbCr, random *rand.Rand) {
	for i := 0; i+8 <= len(m.Y); i += 8 {
		bits := random.Uint64()
		for j := range 8 {
			m.Y[i+j] += uint8(bits>>(8*j)) & 3
		}
	}
}
