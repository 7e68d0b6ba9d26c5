// Package codec reads and writes picture files: JPEG, PNG, GIF, BMP, TIFF and
// WebP.
//
//	the file's start ─ Sniff ─ Format
//	Source ─ ReadHeader ─ Header ─┬─ Decode ─ a picture ─────────┐
//	                              └─ Frames ─ canvases, one by one│
//	Encoder ◄─────────────────── Encode, EncodeFrames ◄───────────┘
//
// Whoever calls knows a picture's size and [Header.Memory] before any pixel is
// read, and can refuse it or wait for room. Files are taken for hostile: a
// header that claims much costs nothing until Decode, and then no more than
// Header.Memory says.
//
// The decoders of the standard library and of golang.org/x/image do the
// reading. A file that ends early makes them fail without a picture; then
// rescue*.go completes the file, so that the same decoders read the part that
// is there. [Explain] puts their errors into words for the person whose
// picture it is.
package codec
