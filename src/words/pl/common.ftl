# unreviewed

skip-link = Przejdź do głównej treści
language-link =
    .aria-label = Język: { $language }. Zmień język
footer-label = O tej stronie
footer-help = Pomoc
footer-privacy = Prywatność
footer-accessibility = Dostępność
demo-ribbon = Wersja demonstracyjna. Nic tu nie jest prawdziwe: ani bank, ani karta, ani pieniądze.
demo-scenario = Scenariusz demonstracyjny: { $name }
legal-marks = Mastercard i Maestro są zastrzeżonymi znakami towarowymi Mastercard International Incorporated.
legal-demo = { $wallet } to wersja demonstracyjna, niezwiązana z Mastercard ani z żadnym bankiem.
page-title = { $page } – { $wallet }
back-home = Przejdź do swoich kart
get-help = Uzyskaj pomoc
cancel-attempt = Anuluj
    .aria-label = Anuluj dodawanie tej karty
error-title = Błąd: { $page }
error-summary-title = Wystąpił problem
reference-line = Numer dla pomocy technicznej: { $reference }
offline-banner = Nie masz połączenia z internetem. Strona będzie działać dalej, gdy połączenie wróci.
opening-next = Gotowe. Otwieramy następny krok.
what-now = Co możesz zrobić
not-added = Karta nie została dodana i nic nie zostało pobrane.
add-a-card = Dodaj kartę ze swojego banku
time-left = { $minutes ->
        [one] Została około { $minutes } minuta.
        [few] Zostały około { $minutes } minuty.
        [many] Zostało około { $minutes } minut.
       *[other] Zostało około { $minutes } minuty.
    }
