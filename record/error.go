package record

import (
	"errors"
	"fmt"
)

// A Code is the stable name of a kind of failure, the same in the API, the queue and the exit status.
type Code string

// The codes. Anything that is not an *Error is internal.
const (
	Invalid         Code = "invalid"
	NotFound        Code = "not_found"
	Conflict        Code = "conflict"
	Denied          Code = "denied"
	Busy            Code = "busy"
	Unauthenticated Code = "unauthenticated"
	TooLarge        Code = "too_large"
	Internal        Code = "internal"
)

// An Error is made where the fact is known, wrapped upward with what each function tried, and rendered once.
type Error struct {
	Code    Code
	Message string            // a sentence the user may read, or a locale key "error.…"
	Fields  map[string]string // field → what is wrong, when Invalid or Conflict
	Err     error             // the cause: logged, never shown
}

func (e *Error) Error() string {
	s := string(e.Code)
	if e.Message != "" {
		s += ": " + e.Message
	}
	for k, v := range e.Fields {
		s += fmt.Sprintf(" [%s: %s]", k, v)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error with a message that the user may read.
func Errorf(code Code, format string, a ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, a...)}
}

// FieldError says what is wrong with one field.
func FieldError(field, what string) *Error {
	return &Error{Code: Invalid, Message: "error.invalid", Fields: map[string]string{field: what}}
}

// CodeOf returns the code of the first *Error in the chain, else Internal.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// Is reports whether err carries the code.
func Is(err error, code Code) bool { return err != nil && CodeOf(err) == code }
