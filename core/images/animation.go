package images

import (
	"context"
	"fmt"
	"iter"

	"manyhands/core/images/codec"
)

// moves reports whether all frames of a picture are kept: those of an animated
// GIF, if the result's format has animations.
func (m *maker) moves(s sight) bool {
	to := m.target(s.header.Format)
	return s.header.Format == codec.GIF && s.header.Frames > 1 && (to == codec.GIF || to == codec.WebP)
}

// animation makes every frame, one after the other.
func (m *maker) animation(ctx context.Context, src *codec.Source, s sight) (content []byte, notes []string, err error) {
	frames, warning := codec.Frames(src, s.header, codec.Options{Truncated: m.Truncated == "keep"})
	if warning != "" {
		notes = append(notes, warning)
	}
	format := m.target(codec.GIF)
	m.out.Reset()
	err = m.encoder.EncodeFrames(&m.out, m.eachFrame(ctx, frames, s), s.header.Loop, m.encoding(format, 0))
	if err == nil && m.MaxKB > 0 && m.out.Len() > 1000*m.MaxKB {
		err = fmt.Errorf("is %s as an animation, more than %s: choose a smaller size", kilobytes(m.out.Len()), kilobytes(1000*m.MaxKB))
	}
	return m.out.Bytes(), notes, err
}

func (m *maker) eachFrame(ctx context.Context, frames iter.Seq2[codec.Frame, error], s sight) iter.Seq2[codec.Frame, error] {
	return func(yield func(codec.Frame, error) bool) {
		for frame, err := range frames {
			if err != nil {
				yield(frame, codec.Explain(err, codec.GIF))
				return
			}
			frame.Image, err = m.changed(ctx, frame.Image, s)
			if !yield(frame, err) || err != nil {
				return
			}
		}
	}
}
