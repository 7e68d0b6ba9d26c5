package images

import (
	"fmt"
	"image"

	"manyhands/core"
	"manyhands/core/images/codec"
	"manyhands/core/images/meta"
)

// formats are the names that settings have for them.
var formats = map[string]codec.Format{
	"jpeg": codec.JPEG, "png": codec.PNG, "gif": codec.GIF, "bmp": codec.BMP, "tiff": codec.TIFF, "webp": codec.WebP,
}

// target is the format of a result.
func (c *Config) target(source codec.Format) codec.Format {
	if format, ok := formats[c.Format]; ok {
		return format
	}
	return source
}

// encoded writes a picture in its format, with what its file carried besides,
// small enough if there is a limit.
func (m *maker) encoded(picture *image.NRGBA, s sight) (content []byte, note string, err error) {
	data, format := m.carried(s), m.target(s.header.Format)
	content, left, err := m.encodedAt(picture, data, format, m.Quality)
	if err != nil {
		return nil, "", err
	}
	if left != "" {
		note = fmt.Sprintf("%s cannot hold the %s", format, left)
	}
	if m.MaxKB == 0 || len(content) <= 1000*m.MaxKB {
		return content, note, nil
	}
	if format != codec.JPEG {
		return nil, "", fmt.Errorf("is %s as %s, more than %s: choose JPEG, which can be made smaller, or a smaller size", kilobytes(len(content)), format, kilobytes(1000*m.MaxKB))
	}
	content, quality, err := m.shrunk(picture, data)
	return content, fmt.Sprintf("quality %d", quality), err
}

func kilobytes(bytes int) string { return fmt.Sprintf("%d KB", (bytes+999)/1000) }

// encodedAt writes a picture at some quality. left names what of data the
// format has no place for.
func (m *maker) encodedAt(picture *image.NRGBA, data meta.Data, format codec.Format, quality int) (content []byte, left string, err error) {
	m.out.Reset()
	if err := m.encoder.Encode(&m.out, picture, m.encoding(format, quality)); err != nil {
		return nil, "", err
	}
	content, left = data.Embed(m.out.Bytes(), string(format))
	return content, left, nil
}

func (c *Config) encoding(format codec.Format, quality int) codec.Encoding {
	return codec.Encoding{Format: format, Quality: quality, Background: c.Background.nrgba()}
}

// shrunk finds the best quality at which a JPEG is small enough, by halving
// the range in which it must lie.
func (m *maker) shrunk(picture *image.NRGBA, data meta.Data) (content []byte, quality int, err error) {
	fits, over := 0, m.Quality
	for fits+1 < over {
		half := (fits + over) / 2
		tried, _, err := m.encodedAt(picture, data, codec.JPEG, half)
		switch {
		case err != nil:
			return nil, 0, err
		case len(tried) <= 1000*m.MaxKB:
			content, fits = append(content[:0], tried...), half
		default:
			over = half
		}
	}
	if fits == 0 {
		return nil, 0, fmt.Errorf("is more than %s even at the lowest quality: choose a smaller size", kilobytes(1000*m.MaxKB))
	}
	return content, fits, nil
}

// carried is what a result's file says of the picture besides its pixels.
func (m *maker) carried(s sight) meta.Data {
	data := s.data.For(s.final.Width, s.final.Height, m.Metadata == "keep")
	if m.Metadata == "strip" {
		data.EXIF = nil
	}
	if !meta.RGB(data.ICC) || m.Metadata == "strip" && meta.SRGB(data.ICC) {
		data.ICC = nil // a profile for other pixels than the result's, or what is meant without one
	}
	return data
}

// worthwhile tells a result that is not enough smaller than its source.
func (c *Config) worthwhile(p Picture) error {
	if c.MinGain == 0 {
		return nil
	}
	if p.After >= p.Before {
		return core.Skip(fmt.Sprintf("would not get smaller: %s before, %s after", kilobytes(int(p.Before)), kilobytes(int(p.After))))
	}
	if gain := 100 * (1 - float64(p.After)/float64(p.Before)); gain < float64(c.MinGain) {
		return core.Skip(fmt.Sprintf("would get only %.1f %% smaller", gain))
	}
	return nil
}
