package staff

import (
	"encoding/binary"
	"image"
	"image/color"
)

// A phone stores every photo the way its sensor lies and notes how it was held. Encoding again drops the note with everything else, so the
// picture is turned first, or half of the staff would lie on their side.

// orientation is the note of a JPEG's EXIF block, 1 (as it is) when there is none that can be read.
func orientation(raw []byte) int {
	for at := 2; at+4 <= len(raw) && raw[0] == 0xff && raw[1] == 0xd8 && raw[at] == 0xff; {
		marker, length := raw[at+1], int(binary.BigEndian.Uint16(raw[at+2:]))
		if marker == 0xda || length < 2 || at+2+length > len(raw) { // the pixels begin, or it is broken
			return 1
		}
		if block := raw[at+4 : at+2+length]; marker == 0xe1 && begins(block, "Exif\x00\x00") {
			return noted(block[6:])
		}
		at += 2 + length
	}
	return 1
}

// noted finds tag 0x0112 in the first directory of a TIFF header.
func noted(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 1
	}
	count := uint64(order.Uint16(tiff[at:]))
	for entry := at + 2; count > 0 && entry+12 <= uint64(len(tiff)); entry, count = entry+12, count-1 {
		if order.Uint16(tiff[entry:]) == 0x0112 {
			if n := int(order.Uint16(tiff[entry+8:])); n >= 1 && n <= 8 {
				return n
			}
		}
	}
	return 1
}

// turned shows a picture the way it was held, without copying a pixel.
func turned(picture image.Image, orientation int) image.Image {
	if orientation <= 1 {
		return picture
	}
	return turnedImage{picture, orientation}
}

type turnedImage struct {
	image.Image
	orientation int
}

// From the fifth on width and height change places.
func (t turnedImage) Bounds() image.Rectangle {
	b := t.Image.Bounds()
	if t.orientation >= 5 {
		return image.Rect(0, 0, b.Dy(), b.Dx())
	}
	return image.Rect(0, 0, b.Dx(), b.Dy())
}

func (t turnedImage) At(x, y int) color.Color {
	b := t.Image.Bounds()
	right, bottom := b.Dx()-1, b.Dy()-1
	switch t.orientation {
	case 2:
		x = right - x
	case 3:
		x, y = right-x, bottom-y
	case 4:
		y = bottom - y
	case 5:
		x, y = y, x
	case 6:
		x, y = y, bottom-x
	case 7:
		x, y = right-y, bottom-x
	case 8:
		x, y = right-y, x
	}
	return t.Image.At(b.Min.X+x, b.Min.Y+y)
}
