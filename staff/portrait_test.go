package staff

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"

	"candor/problem"
)

// halves is red on the left and blue on the right.
func halves(width, height int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.RGBA{200, 0, 0, 255}
			if x >= width/2 {
				c = color.RGBA{0, 0, 200, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

func asPNG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asJPEG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asGIF(t *testing.T, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := gif.Encode(&out, m, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A picture of one pixel in Google's lossy and lossless form.
const (
	lossyWebP    = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"
	losslessWebP = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="
)

func unpack(t *testing.T, text string) []byte {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestV16APortraitIsDrawnAgainWhateverItCameAs(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string][]byte{
		"png": asPNG(t, halves(400, 300)), "jpeg": asJPEG(t, halves(300, 900)), "gif": asGIF(t, halves(90, 90)),
		"lossy webp": unpack(t, lossyWebP), "lossless webp": unpack(t, losslessWebP), "one pixel": asPNG(t, halves(1, 1)), "a line": asPNG(t, halves(2000, 1)),
	} {
		made, refused := Portrait(raw)
		if refused != nil {
			t.Errorf("%s: %v", name, refused)
			continue
		}
		got, err := jpeg.Decode(bytes.NewReader(made))
		if err != nil || got.Bounds().Dx() != 144 || got.Bounds().Dy() != 180 || len(made) > 12<<10 {
			t.Errorf("%s: %v of %d bytes, %v", name, got.Bounds(), len(made), err)
		}
	}
}

func TestEvenANoisyPortraitIsLight(t *testing.T) {
	t.Parallel()
	m := image.NewRGBA(image.Rect(0, 0, 288, 360))
	for i := range m.Pix {
		m.Pix[i] = byte(rand.Uint32())
	}
	made, refused := Portrait(asPNG(t, m))
	if refused != nil || len(made) > 12<<10 {
		t.Errorf("%d bytes, %v", len(made), refused)
	}
	logo, refused := Logo(asPNG(t, m))
	if refused != nil || len(logo) > 24<<10 {
		t.Errorf("logo of %d bytes, %v", len(logo), refused)
	}
}

func TestV16WhatIsNotAPictureIsRefused(t *testing.T) {
	t.Parallel()
	good := asPNG(t, halves(10, 10))
	for name, raw := range map[string][]byte{
		"nothing":                nil,
		"svg":                    []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`),
		"svg with a declaration": []byte(`<?xml version="1.0"?><svg onload="alert(1)"/>`),
		"html":                   []byte("<!doctype html><script>alert(1)</script>"),
		"html after GIF's magic": []byte("GIF89a/*<script>alert(1)</script>*/=1;"),
		"a PNG cut short":        good[:len(good)/2],
		"bmp":                    append([]byte("BM"), make([]byte, 200)...),
		"tiff":                   append([]byte("II*\x00"), make([]byte, 200)...),
		"pdf":                    []byte("%PDF-1.7\n"),
		"webp without a picture": []byte("RIFF\x04\x00\x00\x00WEBPVP8 "),
	} {
		for what, encode := range map[string]func([]byte) ([]byte, *problem.Problem){"portrait": Portrait, "logo": Logo} {
			if made, refused := encode(raw); refused == nil {
				t.Errorf("%s as %s: %d bytes, %v", name, what, len(made), refused)
			}
		}
	}
}

func TestV16NothingHiddenInAPictureSurvives(t *testing.T) {
	t.Parallel()
	const hidden = "<script>alert('polyglot')</script>"
	raw := append(asPNG(t, halves(50, 50)), hidden...)
	for _, encode := range []func([]byte) ([]byte, *problem.Problem){Portrait, Logo} {
		made, refused := encode(raw)
		if refused != nil || strings.Contains(string(made), "script") {
			t.Errorf("%v, hidden text in %d bytes", refused, len(made))
		}
	}
}

func TestB12APictureTooLargeIsRefusedBeforeItsPixelsAreRead(t *testing.T) {
	t.Parallel()
	bomb := asPNG(t, halves(1, 1))
	binary.BigEndian.PutUint32(bomb[16:], 50_000) // its header's width and height; the checksum follows
	binary.BigEndian.PutUint32(bomb[20:], 50_000)
	crc(bomb)
	if _, refused := Portrait(bomb); refused == nil || refused.Key != "problem.picture.pixels" {
		t.Errorf("2,500 megapixels: %v", refused)
	}
	if _, refused := Logo(make([]byte, 5<<20+1)); refused == nil || refused.Key != "problem.picture.large" {
		t.Errorf("more than 5 MB: %v", refused)
	}
	// A WebP that calls itself small around a frame that is not.
	frame := unpack(t, lossyWebP)[12:]
	binary.LittleEndian.PutUint16(frame[14:], 16383)
	binary.LittleEndian.PutUint16(frame[16:], 16383)
	extended := append([]byte("VP8X\x0a\x00\x00\x00"), make([]byte, 10)...)
	lie := append(append([]byte("RIFF\x3e\x00\x00\x00WEBP"), extended...), frame...)
	if _, refused := Portrait(lie); refused == nil || refused.Key != "problem.picture.pixels" {
		t.Errorf("a lying WebP: %v", refused)
	}
}

func crc(raw []byte) {
	binary.BigEndian.PutUint32(raw[29:], crc32.ChecksumIEEE(raw[12:29]))
}

func TestALogoKeepsItsShapeAndItsTransparency(t *testing.T) {
	t.Parallel()
	m := image.NewNRGBA(image.Rect(0, 0, 1200, 200)) // transparent
	for x := range 600 {
		m.SetNRGBA(x, 100, color.NRGBA{0, 120, 0, 255})
	}
	made, refused := Logo(asPNG(t, m))
	if refused != nil {
		t.Fatal(refused)
	}
	got, err := png.Decode(bytes.NewReader(made))
	if err != nil || got.Bounds().Dx() != 512 || got.Bounds().Dy() != 85 {
		t.Fatalf("%v, %v", got, err)
	}
	if _, _, _, alpha := got.At(500, 5).RGBA(); alpha != 0 {
		t.Error("the background became opaque")
	}
	small, _ := Logo(asPNG(t, halves(40, 30)))
	if got, err := png.Decode(bytes.NewReader(small)); err != nil || got.Bounds().Dx() != 40 {
		t.Error("a small logo was blown up")
	}
}

// The scene has its red corner at the top left; a camera that was turned stores it elsewhere and notes how to turn it back.
func TestAPhotoStandsTheWayTheCameraWasHeld(t *testing.T) {
	t.Parallel()
	for orientation, want := range map[int]string{
		1: "top left", 2: "top right", 3: "bottom right", 4: "bottom left", 5: "top left", 6: "top right", 7: "bottom right", 8: "bottom left",
	} {
		for _, order := range []string{"MM", "II"} {
			got, refused := decode(noteOrientation(asJPEG(t, corner(64, 32)), order, orientation), "photo")
			if refused != nil {
				t.Fatal(refused)
			}
			right, bottom := got.Bounds().Dx()-3, got.Bounds().Dy()-3
			if upright := right < bottom; upright != (orientation >= 5) {
				t.Errorf("orientation %d: %v", orientation, got.Bounds())
			}
			for where, at := range map[string]image.Point{"top left": {2, 2}, "top right": {right, 2}, "bottom left": {2, bottom}, "bottom right": {right, bottom}} {
				if red := name(got.At(at.X, at.Y)) == "red"; red != (where == want) {
					t.Errorf("orientation %d %s: red at the %s is %v", orientation, order, where, red)
				}
			}
		}
	}
}

func corner(width, height int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(m, m.Bounds(), image.NewUniform(color.RGBA{0, 0, 200, 255}), image.Point{}, draw.Src)
	draw.Draw(m, image.Rect(0, 0, width/2, height/2), image.NewUniform(color.RGBA{200, 0, 0, 255}), image.Point{}, draw.Src)
	return m
}

func name(c color.Color) string {
	if r, _, b, _ := c.RGBA(); r > b {
		return "red"
	}
	return "blue"
}

func noteOrientation(raw []byte, order string, orientation int) []byte {
	var o binary.ByteOrder = binary.BigEndian
	if order == "II" {
		o = binary.LittleEndian
	}
	block := make([]byte, 6+8+2+12+4)
	copy(block, "Exif\x00\x00"+order)
	tiff := block[6:]
	o.PutUint16(tiff[2:], 42)
	o.PutUint32(tiff[4:], 8)
	o.PutUint16(tiff[8:], 1)
	o.PutUint16(tiff[10:], 0x0112)
	o.PutUint16(tiff[12:], 3)
	o.PutUint32(tiff[14:], 1)
	o.PutUint16(tiff[18:], uint16(orientation))
	head := []byte{0xff, 0xd8, 0xff, 0xe1, 0, byte(len(block) + 2)}
	return append(append(head, block...), raw[2:]...)
}

func FuzzOrientation(f *testing.F) {
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x20Exif\x00\x00MM\x00*\x00\x00\x00\x08"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if n := orientation(raw); n < 1 || n > 8 {
			t.Errorf("orientation %d", n)
		}
	})
}

func FuzzPortrait(f *testing.F) {
	f.Add([]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"))
	raw, _ := base64.StdEncoding.DecodeString(lossyWebP)
	f.Add(raw)
	f.Fuzz(func(t *testing.T, raw []byte) {
		if made, refused := Portrait(raw); (made == nil) == (refused == nil) {
			t.Errorf("%d bytes and %v", len(made), refused)
		}
	})
}
