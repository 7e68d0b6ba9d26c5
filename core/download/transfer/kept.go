package transfer

import (
	"errors"
	"io/fs"

	"manyhands/core/safefile"
)

// Forget removes what was loaded of an address that is not wanted any more.
func Forget(folder *safefile.Folder, address string) {
	if part, err := folder.OpenPart(key(address)); err == nil {
		part.Remove()
	}
}

// Reassign lets a download from another address go on with what was loaded of
// this one, if that is the same file.
func Reassign(folder *safefile.Folder, address, other string) error {
	part, err := folder.OpenPart(key(address))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(part.Reassign(key(other)), part.Close())
}
