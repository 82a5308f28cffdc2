"""Scrapy in bench/crawler/run: follows the links of every page; address, title and text are an item of the feed."""
import json

import scrapy


class PagesSpider(scrapy.Spider):
    name = "pages"
    custom_settings = {"CONCURRENT_REQUESTS": 64, "CONCURRENT_REQUESTS_PER_DOMAIN": 64, "DOWNLOAD_DELAY": 0, "ROBOTSTXT_OBEY": False,
                       "TELNETCONSOLE_ENABLED": False, "COOKIES_ENABLED": False, "RETRY_ENABLED": False}

    def __init__(self, seed, **arguments):
        super().__init__(**arguments)
        self.seed = seed

    async def start(self):
        yield scrapy.Request(self.seed, self.parse)  # which later links to it do not ask for again

    def parse(self, response):
        text = response.xpath("//body//text()[not(parent::script or parent::style)]").getall()
        yield {"url": response.url, "title": response.xpath("//title/text()").get(), "body": " ".join(text)}
        yield from response.follow_all(response.css("a::attr(href)"), self.parse)

    def closed(self, reason):
        print(json.dumps({"fetched": self.crawler.stats.get_value("response_received_count", 0)}))
