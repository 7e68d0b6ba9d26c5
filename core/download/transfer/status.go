package transfer

import (
	"fmt"
	"net/http"
)

// StatusError is an answer that brings no file: 404 Not Found.
type StatusError struct{ Code int }

func (e *StatusError) Error() string {
	text := fmt.Sprint(e.Code)
	if name := http.StatusText(e.Code); name != "" {
		text += " " + name
	}
	if advice := e.advice(); advice != "" {
		return text + ": " + advice
	}
	return text
}

var advice = map[int]string{
	http.StatusNoContent:                  "there is no content under this address",
	http.StatusPartialContent:             "the server sends a part of the file, though all of it was asked for",
	http.StatusUnauthorized:               "it needs a name and password, or a key: give a header Authorization",
	http.StatusPaymentRequired:            "the server wants to be paid first",
	http.StatusForbidden:                  "the server does not give it away; the address may have expired: get a new one",
	http.StatusNotFound:                   "check the address",
	http.StatusProxyAuthRequired:          "put name and password into the proxy's address",
	http.StatusRequestTimeout:             "the server waited too long for the request; try again",
	http.StatusGone:                       "it was removed for good",
	http.StatusTooManyRequests:            "the server wants fewer requests: use fewer workers",
	http.StatusInternalServerError:        "the server failed; try again later",
	http.StatusBadGateway:                 "the server is not reached; try again later",
	http.StatusServiceUnavailable:         "the server is busy; try again later, with fewer workers",
	http.StatusGatewayTimeout:             "the server is too slow; try again later",
	http.StatusInsufficientStorage:        "the server's disk is full; try again later",
	http.StatusUnavailableForLegalReasons: "it may not be given away where you are",
}

func (e *StatusError) advice() string {
	if a, ok := advice[e.Code]; ok {
		return a
	}
	switch {
	case e.Code >= 500:
		return "the server failed; try again later"
	case e.Code >= 400:
		return "the server refuses; open the address in a browser"
	case e.Code >= 300:
		return "the server does not say where to go"
	}
	return "this is no answer with a file"
}

// temporary: of 4xx those that speak of the time, not of the request.
func (e *StatusError) temporary() bool {
	switch e.Code {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	case http.StatusNotImplemented, http.StatusHTTPVersionNotSupported:
		return false
	}
	return e.Code >= 500
}
