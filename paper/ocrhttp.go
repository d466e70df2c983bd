package paper

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// A service reads pictures instead of the program: a page is posted as a PNG, ?language= and ?dpi= beside, and the answer is what the program answers too,
// hOCR. A service that knows words but not their characters is understood as well.

// ocrAnswer bounds what a service may answer.
const ocrAnswer = 16 << 20

// askService answers the hOCR of a sheet. What the service says in an error is its own words, short.
func (o OCR) askService(ctx context.Context, img *image.Gray) ([]byte, error) {
	u, err := o.service()
	if err != nil {
		return nil, err
	}
	q := u.Query()
	q.Set("language", o.language())
	q.Set("dpi", strconv.Itoa(scanDPI))
	u.RawQuery = q.Encode()
	var body bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&body, img); err != nil {
		return nil, fmt.Errorf("encode sheet: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), &body)
	if err != nil {
		return nil, fmt.Errorf("ask OCR service: %w", err)
	}
	req.Header.Set("Content-Type", "image/png")
	req.Header.Set("Accept", "text/vnd.hocr+html, application/xhtml+xml, text/html")
	resp, err := o.do(req)
	if ctx.Err() != nil {
		return nil, readError("timeout", "识别一页超过 %s，已停止", ocrLimit)
	}
	if err != nil {
		return nil, readError("no_ocr", "OCR 服务 %s 连接不上：%v", u.Host, errors.Unwrap(err))
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, ocrAnswer+1))
	switch {
	case ctx.Err() != nil:
		return nil, readError("timeout", "识别一页超过 %s，已停止", ocrLimit)
	case err != nil || len(b) > ocrAnswer:
		return nil, readError("crashed", "OCR 服务 %s 的回答不完整或过大", u.Host)
	case resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden:
		return nil, readError("no_ocr", "OCR 服务 %s 拒绝访问（%d）：请检查 --ocr-token", u.Host, resp.StatusCode)
	case resp.StatusCode != http.StatusOK:
		return nil, readError("crashed", "OCR 服务 %s 出错（%d）：%s", u.Host, resp.StatusCode, Clip(string(b), 500))
	case !bytes.Contains(b, []byte("ocr_")):
		return nil, readError("crashed", "OCR 服务 %s 的回答不是 hOCR", u.Host)
	}
	return b, nil
}

// checkService says why the service cannot be asked; that it answers anything at all is enough.
func (o OCR) checkService() error {
	u, err := o.service()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, u.String(), nil)
	if err != nil {
		return fmt.Errorf("ask OCR service: %w", err)
	}
	resp, err := o.do(req)
	if err != nil {
		return readError("no_ocr", "OCR 服务 %s 连接不上：%v", u.Host, errors.Unwrap(err))
	}
	return resp.Body.Close()
}

func (o OCR) service() (*url.URL, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, readError("no_ocr", "OCR 服务的地址无效：要以 http:// 或 https:// 开头")
	}
	return u, nil
}

// do follows no redirect: papers go where the owner said, and nowhere else.
func (o OCR) do(req *http.Request) (*http.Response, error) {
	if o.Token != "" {
		req.Header.Set("Authorization", "Bearer "+o.Token)
	}
	c := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return c.Do(req)
}
