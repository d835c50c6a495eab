Documentation.addTranslations({
  locale: "th",
  messages: {
    "Search Results": "ผลการค้นหา",
    Searching: "กำลังค้นหา",
    "Preparing search...": "กำลังเตรียมค้นหา…",
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.":
      "ไม่พบหน้าที่ตรงกับคำค้น ลองใช้คำอื่นหรือคำที่สั้นลง",
    "Search finished, found ${resultCount} page(s) matching the search query.": "พบ ${resultCount} หน้า",
    "Hide Search Matches": "เลิกเน้นคำที่ค้น",
    ", in ": " ใน ",
  },
  plural_expr: "0",
});
