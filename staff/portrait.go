package staff

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"candor/problem"
)

// Pictures come from strangers' cameras and drawing programs. What customers are served is never what was uploaded: it is decoded by its
// content, drawn again and encoded by us, so nothing hidden in a file survives (V16), the place where a photo was taken included.
const (
	PortraitType = "image/jpeg"
	LogoType     = "image/png"

	mostBytes  = 5 << 20
	mostPixels = 40_000_000 // a large camera's; a picture of 50,000 × 50,000 fits in a few kilobytes and would take 10 GB to decode

	portraitWidth, portraitHeight = 144, 180 // 4:5, twice the size it is shown in
	portraitBytes                 = 12 << 10
	logoWidth, logoHeight         = 512, 128
	logoBytes                     = 24 << 10 // half of what the page may weigh
)

// Portrait makes the photo of a person: the middle of the picture, 144 × 180, JPEG.
func Portrait(raw []byte) ([]byte, *problem.Problem) {
	src, refused := decode(raw, "photo")
	if refused != nil {
		return nil, refused
	}
	dst := image.NewRGBA(image.Rect(0, 0, portraitWidth, portraitHeight))
	// What was transparent is paper: a JPEG would make it black.
	draw.Draw(dst, dst.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(dst, dst.Bounds(), src, middle(src.Bounds()), draw.Over, nil)
	var out bytes.Buffer
	for quality := 88; ; quality -= 8 {
		out.Reset()
		if err := jpeg.Encode(&out, dst, &jpeg.Options{Quality: quality}); err != nil {
			return nil, unreadable("photo")
		}
		if out.Len() <= portraitBytes || quality <= 16 {
			return out.Bytes(), nil
		}
	}
}

// Logo makes the company's logo: all of the picture, no larger than 512 × 128, PNG.
func Logo(raw []byte) ([]byte, *problem.Problem) {
	src, refused := decode(raw, "logo")
	if refused != nil {
		return nil, refused
	}
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	for width, height := logoWidth, logoHeight; ; width, height = width*3/4, height*3/4 {
		dst := image.NewNRGBA(fit(src.Bounds(), width, height))
		draw.CatmullRom.Scale(dst, dst.Bounds(), src, src.Bounds(), draw.Src, nil)
		var out bytes.Buffer
		if err := encoder.Encode(&out, dst); err != nil {
			return nil, unreadable("logo")
		}
		if out.Len() <= logoBytes || height < 24 {
			return out.Bytes(), nil
		}
	}
}

// decode reads a picture of one of four kinds, turned the way its camera was held. Its size is known before its pixels are read.
func decode(raw []byte, field string) (image.Image, *problem.Problem) {
	if len(raw) > mostBytes {
		return nil, &problem.Problem{Kind: problem.TooLarge, Key: "problem.picture.large", Field: field, Args: []any{"limit", mostBytes >> 20}}
	}
	kind := kindOf(raw)
	if kind == nil {
		return nil, problem.Field(field, "problem.picture.kind")
	}
	size, err := kind.size(bytes.NewReader(raw))
	if err != nil || size.Width <= 0 || size.Height <= 0 {
		return nil, unreadable(field)
	}
	if size.Width > mostPixels/size.Height {
		return nil, &problem.Problem{Kind: problem.TooLarge, Key: "problem.picture.pixels", Field: field, Args: []any{"limit", mostPixels / 1_000_000}}
	}
	picture, err := kind.read(bytes.NewReader(raw))
	if err != nil {
		return nil, unreadable(field)
	}
	return turned(picture, orientation(raw)), nil
}

func unreadable(field string) *problem.Problem { return problem.Field(field, "problem.picture.broken") }

// A pictureKind is known by its first bytes, never by a name or a type that came with it. The image package's registry is not asked:
// another package could add to it.
type pictureKind struct {
	begins string
	size   func(io.Reader) (image.Config, error)
	read   func(io.Reader) (image.Image, error)
}

func kindOf(raw []byte) *pictureKind {
	for _, k := range []pictureKind{
		{"\x89PNG\r\n\x1a\n", png.DecodeConfig, png.Decode},
		{"\xff\xd8\xff", jpeg.DecodeConfig, jpeg.Decode},
		{"GIF87a", gif.DecodeConfig, gif.Decode},
		{"GIF89a", gif.DecodeConfig, gif.Decode},
		{"RIFF????WEBPVP8", webpSize, webp.Decode},
	} {
		if begins(raw, k.begins) {
			return &k
		}
	}
	return nil
}

// webpSize is the larger of what the file says it is and what its pixels are: the decoder believes the first and makes room for the second.
func webpSize(r io.Reader) (image.Config, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return image.Config{}, err
	}
	size, err := webp.DecodeConfig(bytes.NewReader(raw))
	for at := 12; err == nil && at+18 <= len(raw); {
		kind, length := string(raw[at:at+4]), int(binary.LittleEndian.Uint32(raw[at+4:]))
		body := raw[at+8:]
		switch kind {
		case "VP8 ":
			size.Width = max(size.Width, int(binary.LittleEndian.Uint16(body[6:])&0x3fff))
			size.Height = max(size.Height, int(binary.LittleEndian.Uint16(body[8:])&0x3fff))
		case "VP8L":
			bits := binary.LittleEndian.Uint32(body[1:])
			size.Width = max(size.Width, int(bits&0x3fff)+1)
			size.Height = max(size.Height, int(bits>>14&0x3fff)+1)
		}
		if length > len(raw) {
			break
		}
		at += 8 + length + length&1
	}
	return size, err
}

// begins compares, a question mark standing for any byte.
func begins(raw []byte, with string) bool {
	if len(raw) < len(with) {
		return false
	}
	for i := range len(with) {
		if with[i] != '?' && raw[i] != with[i] {
			return false
		}
	}
	return true
}

// middle is the largest part of 4:5 in the middle; of an upright picture it is the upper middle, where faces are.
func middle(b image.Rectangle) image.Rectangle {
	width, height := b.Dx(), b.Dy()
	if width*portraitHeight > height*portraitWidth {
		part := max(1, height*portraitWidth/portraitHeight)
		left := b.Min.X + (width-part)/2
		return image.Rect(left, b.Min.Y, left+part, b.Max.Y)
	}
	part := max(1, width*portraitHeight/portraitWidth)
	top := b.Min.Y + (height-part)/3
	return image.Rect(b.Min.X, top, b.Max.X, top+part)
}

// fit is the largest size of the same shape within width × height, never larger than the picture is.
func fit(b image.Rectangle, width, height int) image.Rectangle {
	w, h := b.Dx(), b.Dy()
	if w > width {
		w, h = width, max(1, h*width/w)
	}
	if h > height {
		w, h = max(1, w*height/h), height
	}
	return image.Rect(0, 0, w, h)
}
