// Package web is the program's one HTTP client: it keeps limits of rate as the
// server sees them, waits when a server asks for it, follows redirects safely,
// and says in words what went wrong.
//
//	Do ──► http.Client ──► gate ───────────────────► http.Transport ──► server
//	 ▲      redirects       pause of the host         keep-alive, TLS,
//	 │                      permit of the host        proxy, HTTP/2
//	 └─ retries             permit of all
//	                        └─ given back at the first byte of the answer
//
// Every request that a server gets, so also each redirect, each retry and what
// the transport repeats by itself, passes the gate and needs a permit.
//
//	client, err := web.New(web.Options{Rate: 5, HostRate: 2, Timeout: 30 * time.Second})
//	…
//	defer client.Close()
//	var trace web.Trace
//	req, err := http.NewRequestWithContext(web.WithTrace(ctx, &trace), "GET", address, nil)
//	resp, err := client.Do(req)
//	if err != nil {
//		return web.Explain(err)
//	}
//	defer resp.Body.Close()
//	web.LimitBody(resp, 0)
//
// # The limit
//
// There are as many permits as requests allowed in a window. A permit that is
// given back is good again one window later. It is given back when the server
// surely has the request: so at the server no window holds more requests than
// there are permits, however long connecting took. "Surely" is the first byte
// of the answer, or 25 ms after the request was written (twice the time that
// connecting took, if that is more; 250 ms where answers come sooner as a rule,
// 100 ms while that is not known). A server that is held up for longer than
// that before it takes what has arrived, such as one among dozens of busy
// programs on the same computer, may see more: there only Options.Strict keeps
// the limit.
//
// # The bandwidth
//
// All bodies that are read share Options.Bandwidth, in turns of a twentieth of
// a second's bytes or less: so even a slow limit is no row of bursts, and no
// body is starved by another.
package web
