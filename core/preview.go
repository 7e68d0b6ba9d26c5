package core

import "image"

// Preview is what work would make of one item, for a person to look at.
type Preview struct {
	Before, After           image.Image
	BeforeText, AfterText   string // their kinds and sizes: "JPEG, 4000x3000"
	BeforeBytes, AfterBytes int64
	Note                    string // what was not done as asked, and why
}
