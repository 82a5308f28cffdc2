// colly SEED FILE: Colly in bench/crawler/run. Follows the links of every page and writes address, title and text as a line of JSON.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"sync"
	"sync/atomic"

	"github.com/gocolly/colly/v2"
)

type page struct {
	URL   string `json:"url"`
	Title string `json:"title"`
	Body  string `json:"body"`
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: colly SEED FILE")
	}
	file, err := os.Create(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	var mutex sync.Mutex
	lines := bufio.NewWriterSize(file, 1<<20)
	encoder := json.NewEncoder(lines)
	var fetched atomic.Int64

	collector := colly.NewCollector(colly.Async(true), colly.MaxBodySize(10<<20))
	collector.Limit(&colly.LimitRule{DomainGlob: "*", Parallelism: 64})
	collector.OnResponse(func(*colly.Response) { fetched.Add(1) })
	collector.OnHTML("html", func(html *colly.HTMLElement) {
		html.ForEach("a[href]", func(_ int, link *colly.HTMLElement) { html.Request.Visit(link.Attr("href")) })
		html.DOM.Find("script, style").Remove()
		mutex.Lock()
		defer mutex.Unlock()
		encoder.Encode(page{html.Request.URL.String(), html.DOM.Find("title").Text(), html.DOM.Find("body").Text()})
	})
	if err := collector.Visit(os.Args[1]); err != nil {
		log.Fatal(err)
	}
	collector.Wait()
	if err := lines.Flush(); err != nil {
		log.Fatal(err)
	}
	if err := file.Close(); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("{\"fetched\":%d}\n", fetched.Load())
}
