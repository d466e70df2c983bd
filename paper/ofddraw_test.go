package paper

import (
	"archive/zip"
	"bytes"
	"encoding/asn1"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
)

// drawnOFD packs one page of 100 × 50 mm and draws it at ten pixels a millimetre.
func drawnOFD(t *testing.T, content string, files map[string]string) image.Image {
	t.Helper()
	data := packedOFD(t, content, files)
	b, err := drawOFD(data, 1, 1000)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if img.Bounds().Dx() != 1000 || img.Bounds().Dy() != 500 {
		t.Fatalf("%v", img.Bounds())
	}
	return img
}

func packedOFD(t *testing.T, content string, files map[string]string) []byte {
	t.Helper()
	all := map[string]string{
		"OFD.xml": `<OFD><DocBody><DocRoot>Doc_0/Document.xml</DocRoot><Signatures>/Doc_0/Signs/Signatures.xml</Signatures></DocBody></OFD>`,
		"Doc_0/Document.xml": `<Document><CommonData><PageArea><PhysicalBox>0 0 100 50</PhysicalBox></PageArea><PublicRes>Res.xml</PublicRes>
			<TemplatePage ID="7" BaseLoc="Tpl.xml"/></CommonData><Pages><Page ID="1" BaseLoc="Page.xml"/></Pages><Annotations>Notes.xml</Annotations></Document>`,
		"Doc_0/Page.xml": `<Page>` + content + `</Page>`,
	}
	for name, text := range files {
		all[name] = text
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range all {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func oneColour(t *testing.T, c color.Color) string {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 20, 20))
	for i := range img.Pix {
		r, g, b, _ := c.RGBA()
		img.Pix[i] = []uint8{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 255}[i%4]
	}
	var w bytes.Buffer
	if err := png.Encode(&w, img); err != nil {
		t.Fatal(err)
	}
	return w.String()
}

// shows looks at points, in millimetres.
func shows(t *testing.T, img image.Image, want map[[2]float64]string) {
	t.Helper()
	for at, colour := range want {
		r, g, b, _ := img.At(int(at[0]*10), int(at[1]*10)).RGBA()
		if got := fmt.Sprintf("%02x%02x%02x", r>>8, g>>8, b>>8); got != colour {
			t.Errorf("at %v: %s, want %s", at, got, colour)
		}
	}
}

// ink counts what is darker than paper within a part of the page, in millimetres.
func ink(img image.Image, x0, y0, x1, y1 int) (n int) {
	for y := y0 * 10; y < y1*10; y++ {
		for x := x0 * 10; x < x1*10; x++ {
			if r, g, b, _ := img.At(x, y).RGBA(); r+g+b < 3*0x8000 {
				n++
			}
		}
	}
	return n
}

// R7: an OFD is looked at as its issuer made it.
func TestDrawPaths(t *testing.T) {
	img := drawnOFD(t, `<Template TemplateID="7" ZOrder="Background"/><Content>
		<Layer Type="Foreground"><PathObject Boundary="14 14 10 10" Fill="true" Stroke="false"><FillColor Value="0 0 255"/><AbbreviatedData>M 0 0 L 4 0 L 4 4 L 0 4 C</AbbreviatedData></PathObject></Layer>
		<Layer DrawParam="3"><PathObject Boundary="10 10 10 10" Fill="true"><AbbreviatedData>M 0 0 L 10 0 L 10 10 L 0 10 C</AbbreviatedData></PathObject></Layer>
		<Layer>
		<PathObject Boundary="30 10 20 10" CTM="2 0 0 1 0 0" LineWidth="1"><AbbreviatedData>M 0 5 L 10 5</AbbreviatedData></PathObject>
		<PathObject Boundary="60 10 10 10" Fill="true" Rule="Even-Odd" Stroke="false"><FillColor Value="#0 #80 #0"/><AbbreviatedData>M 0 0 L 10 0 L 10 10 L 0 10 C M 3 3 L 7 3 L 7 7 L 3 7 C</AbbreviatedData></PathObject>
		<PathObject Boundary="80 10 10 10" Fill="true" Stroke="false" Alpha="0"><FillColor Value="255 0 0"/><AbbreviatedData>M 0 0 L 10 0 L 10 10 C</AbbreviatedData></PathObject>
		<PathObject Boundary="60 30 10 10" Fill="true" Stroke="false"><FillColor Value="0"/><AbbreviatedData>M 0 5 A 5 5 0 0 1 10 5 A 5 5 0 0 1 0 5 C</AbbreviatedData></PathObject>
		<PathObject Boundary="80 30 10 10" Fill="true" Stroke="false"><FillColor Value="0 255 255 0"/><Clips><Clip><Area><Path Boundary="0 0 10 10"><AbbreviatedData>M 0 0 L 5 0 L 5 10 L 0 10 C</AbbreviatedData></Path></Area></Clip></Clips><AbbreviatedData>M 0 0 L 10 0 L 10 10 L 0 10 C</AbbreviatedData></PathObject>
		<CompositeObject Boundary="40 40 5 5" ResourceID="9"/>
		<PathObject Boundary="0 0 100 50" Visible="false" Fill="true"><AbbreviatedData>M 0 0 L 100 0 L 100 50 C</AbbreviatedData></PathObject>
		</Layer></Content>`, map[string]string{
		"Doc_0/Tpl.xml": `<Page><Content><Layer><PathObject Boundary="2 2 5 5" Fill="true" Stroke="false"><FillColor Value="255 0 255"/><AbbreviatedData>M 0 0 L 5 0 L 5 5 L 0 5 C</AbbreviatedData></PathObject></Layer></Content></Page>`,
		"Doc_0/Res.xml": `<Res><DrawParams><DrawParam ID="2" LineWidth="1"><StrokeColor Value="128 0 0"/></DrawParam><DrawParam ID="3" Relative="2"><FillColor Value="255 255 0"/></DrawParam></DrawParams>
			<CompositeGraphicUnits><CompositeGraphicUnit ID="9"><Content><PathObject Boundary="0 0 5 5" Fill="true" Stroke="false"><FillColor Value="10 20 30"/><AbbreviatedData>M 0 0 L 5 0 L 5 5 L 0 5 C</AbbreviatedData></PathObject></Content></CompositeGraphicUnit></CompositeGraphicUnits></Res>`,
	})
	shows(t, img, map[[2]float64]string{
		{1, 1}: "ffffff", {4, 4}: "ff00ff", // template
		{12, 12}: "ffff00", {10, 15}: "800000", {16, 16}: "0000ff", // parameters inherited; what is in front is in front
		{45, 15}: "000000", {45, 13.8}: "ffffff", {51.5, 15}: "ffffff", // a line 20 mm long, as wide as its area says
		{61, 11}: "008000", {65, 15}: "ffffff", // even-odd leaves the middle out
		{85, 12}: "ffffff",                                               // wholly transparent
		{65, 35}: "000000", {60.5, 30.5}: "ffffff", {65, 30.5}: "000000", // a circle of two arcs
		{82, 35}: "ff0000", {88, 35}: "ffffff", // CMYK, clipped
		{42, 42}: "0a141e", {99, 1}: "ffffff", // a unit; what is invisible
	})
}

func TestDrawText(t *testing.T) {
	text := func(attrs, code string) image.Image {
		return drawnOFD(t, fmt.Sprintf(`<Content><Layer><TextObject Boundary="10 10 80 10" Size="8" %s>%s</TextObject></Layer></Content>`, attrs, code), nil)
	}
	two := text("", `<TextCode X="0" Y="8" DeltaX="30">归客</TextCode>`)
	if a, gap, b := ink(two, 10, 9, 19, 20), ink(two, 20, 9, 39, 20), ink(two, 40, 9, 49, 20); a < 300 || gap != 0 || b < 300 {
		t.Errorf("%d %d %d", a, gap, b)
	}
	// Fewer steps than characters: the last goes on.
	if x := text("", `<TextCode X="0" Y="8" DeltaX="20">归归客</TextCode>`); ink(x, 50, 9, 59, 20) < 300 {
		t.Error("the third stands upon the second")
	}
	if x := text(`CTM="0 1 -1 0 0 0"`, `<TextCode X="0" Y="-8">归</TextCode>`); ink(x, 18, 10, 27, 20) < 300 {
		t.Error("not turned")
	}
	if bold, plain := ink(text(`Weight="700"`, `<TextCode X="0" Y="8">归</TextCode>`), 9, 9, 20, 20), ink(text("", `<TextCode X="0" Y="8">归</TextCode>`), 9, 9, 20, 20); bold < plain*11/10 {
		t.Errorf("bold %d, plain %d", bold, plain)
	}
	if x := text(`Fill="false"`, `<TextCode X="0" Y="8">归</TextCode>`); ink(x, 0, 0, 100, 50) != 0 {
		t.Error("what is not filled is seen")
	}
}

// What is stamped stays legible under its seal, whatever the seal's own ground; a seal is a picture or an OFD itself.
func TestDrawPicturesNotesAndSeals(t *testing.T) {
	seal := func(picture string) string {
		der, err := asn1.Marshal(struct {
			Head struct{ A string }
			Pic  struct {
				Type string `asn1:"ia5"`
				Data []byte
				W, H int
			}
		}{Pic: struct {
			Type string `asn1:"ia5"`
			Data []byte
			W, H int
		}{"png", []byte(picture), 20, 20}})
		if err != nil {
			t.Fatal(err)
		}
		return string(der)
	}
	black := `<PathObject Boundary="40 10 10 10" Fill="true" Stroke="false"><FillColor Value="0 0 0"/><AbbreviatedData>M 0 0 L 5 0 L 5 10 L 0 10 C</AbbreviatedData></PathObject>`
	content := `<Content><Layer>` + black + `<ImageObject ResourceID="5" Boundary="10 10 20 10" CTM="20 0 0 10 0 0"/></Layer></Content>`
	files := map[string]string{
		"Doc_0/Res.xml":              `<Res BaseLoc="Res"><MultiMedias><MultiMedia ID="5"><MediaFile>a.png</MediaFile></MultiMedia></MultiMedias></Res>`,
		"Doc_0/Res/a.png":            oneColour(t, color.RGBA{0, 200, 0, 255}),
		"Doc_0/Notes.xml":            `<Annotations><Page PageID="1"><FileLoc>Note.xml</FileLoc></Page><Page PageID="2"><FileLoc>Other.xml</FileLoc></Page></Annotations>`,
		"Doc_0/Note.xml":             `<PageAnnot><Annot><Appearance Boundary="60 10 10 10"><ImageObject ResourceID="5" Boundary="0 0 10 10" CTM="10 0 0 10 0 0"/></Appearance></Annot></PageAnnot>`,
		"Doc_0/Signs/Signatures.xml": `<Signatures><Signature BaseLoc="S/Signature.xml"/></Signatures>`,
		"Doc_0/Signs/S/Signature.xml": `<Signature><SignedInfo><StampAnnot PageRef="1" Boundary="40 10 10 10"/><StampAnnot PageRef="2" Boundary="80 10 10 10"/></SignedInfo>
			<SignedValue>V.dat</SignedValue></Signature>`,
		"Doc_0/Signs/S/V.dat": seal(oneColour(t, color.RGBA{255, 0, 0, 255})),
	}
	want := map[[2]float64]string{
		{11, 11}: "00c800", {29, 19}: "00c800", {31, 11}: "ffffff", {65, 15}: "00c800",
		{42, 15}: "000000", {48, 15}: "ff0000", {85, 15}: "ffffff",
	}
	shows(t, drawnOFD(t, content, files), want)
	within := packedOFD(t, `<Content><Layer><PathObject Boundary="0 0 100 50" Fill="true" Stroke="false"><FillColor Value="255 0 0"/><AbbreviatedData>M 0 0 L 100 0 L 100 50 L 0 50 C</AbbreviatedData></PathObject></Layer></Content>`, nil)
	files["Doc_0/Signs/S/V.dat"] = seal(string(within))
	shows(t, drawnOFD(t, content, files), want)
}

// What is broken or hostile costs its own object, never the page or the process.
func TestDrawBroken(t *testing.T) {
	bad := []string{
		`<PathObject Boundary="1 1 1e300 NaN" Fill="true"><AbbreviatedData>M 0 0 L 1e308 1e308 A 1 Q 3 B x y</AbbreviatedData></PathObject>`,
		`<PathObject Boundary="0 0 1 1" CTM="1e30 0 0 1e30 0 0" DrawParam="1"><AbbreviatedData>M 0 0 L 5 5 A 1 1 0 0 0 0 0 A 0 0 0 1 1 9 9 C C</AbbreviatedData></PathObject>`,
		`<TextObject Boundary="0 0 1 1" Size="1e9" Font="77" HScale="-4"><CGTransform CodePosition="-1"><Glyphs>1 2</Glyphs></CGTransform><TextCode X="0" Y="0" DeltaX="g 999999999 1">甲乙丙</TextCode></TextObject>`,
		`<ImageObject Boundary="0 0 1 1" ResourceID="6" CTM="1e9 0 0 1e9 0 0"/><ImageObject Boundary="0 0 5 5" ResourceID="8" CTM="0 0 0 0 0 0"/>`,
		`<CompositeObject Boundary="0 0 5 5" ResourceID="9"/>`,
		strings.Repeat(`<PageBlock>`, 40) + strings.Repeat(`</PageBlock>`, 40),
	}
	files := map[string]string{
		"Doc_0/Res.xml": `<Res><DrawParams><DrawParam ID="1" Relative="1" LineWidth="-3" DashPattern="0 0 0"/></DrawParams><MultiMedias><MultiMedia ID="6"><MediaFile>Res.xml</MediaFile></MultiMedia><MultiMedia ID="8"><MediaFile>b.png</MediaFile></MultiMedia></MultiMedias>
			<CompositeGraphicUnits><CompositeGraphicUnit ID="9"><Content><CompositeObject Boundary="0 0 5 5" ResourceID="9"/></Content></CompositeGraphicUnit></CompositeGraphicUnits></Res>`,
		"Doc_0/b.png":                oneColour(t, color.Black),
		"Doc_0/Signs/Signatures.xml": `<Signatures><Signature BaseLoc="../../OFD.xml"/></Signatures>`,
	}
	good := `<PathObject Boundary="50 20 10 10" Fill="true"><FillColor Value="0"/><AbbreviatedData>M 0 0 L 10 0 L 10 10 L 0 10 C</AbbreviatedData></PathObject>`
	for _, b := range bad {
		img := drawnOFD(t, `<Content><Layer>`+b+good+`</Layer></Content>`, files)
		shows(t, img, map[[2]float64]string{{55, 25}: "000000"})
	}
	for _, no := range []int{0, -1, 2} {
		if _, err := drawOFD(packedOFD(t, "", nil), no, 100); err == nil {
			t.Errorf("page %d is there", no)
		}
	}
}
