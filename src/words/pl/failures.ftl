# unreviewed

## Ways onward
fail-try-again = Spróbuj ponownie
fail-start-again = Zacznij od nowa
fail-start-again-with = Zacznij od nowa: { $issuer }
fail-other-card = Wybierz inną kartę
fail-other-bank = Wybierz inny bank
fail-call = Zadzwoń: { $issuer }, { $phone }
fail-later = Spróbuj ponownie za kilka minut.
fail-see-where = Zobacz, co się dzieje
fail-see-code = Zobacz swój kod i spróbuj ponownie
fail-sign-in = Zaloguj się ponownie

## How an attempt ends
f01-title = Dodawanie karty zostało przerwane
f01-body = Nic nie szkodzi. { not-added }
f03-title = Odpowiedź z { $issuer } dotarła za późno
f03-body = Dla Twojego bezpieczeństwa odpowiedź banku jest ważna tylko raz i tylko przez kilka minut. { not-added }
f04-title = { $issuer } nie ma karty, którą można dodać
f04-body = Być może nie masz karty działającej w portfelach albo { $issuer } nie mógł Cię zalogować. { not-added }
f04-item-1 = Zaloguj się do { $issuer } na konto, do którego należy karta.
f04-item-2 = Zapytaj w { $issuer }, czy Twojej karty można używać w portfelach.
f05-title = { $issuer }: ta karta nie została zatwierdzona
f05-body = Nie podano nam powodu. { not-added }
f05-item-1 = Wybierz inną kartę { $issuer }.
f05-item-2 = Zapytaj w { $issuer }, czy tej karty można używać w portfelach.
f06-title = Ta karta jest już w Twoim portfelu
f06-body = Twoja karta { $issuer } z końcówką { $digits } została dodana wcześniej. Nie musisz nic robić.
f06-body-plain = Twoja karta { $issuer } została dodana wcześniej. Nie musisz nic robić.
f06-go = Przejdź do tej karty
f08-title = { $issuer } jest teraz niedostępny
f08-body = Problem leży po stronie { $issuer }. Inne banki działają. { not-added }
f10-title = Nie możemy teraz dokończyć sprawdzania karty
f10-gave-up = Mastercard nie odpowiedział na czas. { not-added }
f16-title = Zbyt wiele błędnych kodów
f16-body = Aby chronić Twoją kartę, { $issuer } na razie nie przyjmuje kodów. Karta jest w portfelu, ale nie można jej jeszcze używać.
f18-title = { $issuer }: ta karta została wstrzymana
f18-body = Karta została dodana, ale nie można nią płacić. Może to zmienić tylko { $issuer }.
f19-title = Nie można teraz pokazać warunków { $issuer }
f19-body = Dlatego nie można dodać karty. Spróbuj ponownie za kilka minut. { not-added }
gone-title = Tej karty nie ma już w Twoim portfelu
gone-body = Karta została dodana, a później usunięta. Można dodać ją jeszcze raz.
match-title = Zbyt wiele błędnych kodów
match-body = Odpowiedź z { $issuer } nie zawierała kodu, który tu pokazaliśmy. { not-added }
refused-title = Tej karty nie można teraz dodać
refused-body = Mastercard nie przyjął żądania. To nie Twoja wina. { not-added }
nothing-title = Karta nie została dodana
nothing-body = Odpowiedź zaginęła po drodze. Zapytaliśmy Mastercard: nic nie zostało dodane. { not-added }
unclear-title = Nie wiemy, czy karta została dodana
unclear-body = Odpowiedź zaginęła po drodze, a Mastercard nie podał nam wyniku. Zapytaj w { $issuer }, zanim spróbujesz ponownie.
expired-title = To trwało zbyt długo
expired-body = Dla Twojego bezpieczeństwa dodawanie karty trzeba zakończyć w ciągu { $minutes ->
        [one] { $minutes } minuty
       *[other] { $minutes } minut
    }. { not-added }

## A return that is refused
f11-title = Nie mogliśmy potwierdzić, że to przyszło z Twojego banku
f11-body = Coś w odpowiedzi zostało po drodze zmienione lub uszkodzone, więc przerwaliśmy. { not-added }
f11-item-1 = Zacznij od nowa tutaj. Nie używaj linku z wiadomości ani e-maila.
f11-item-2 = Jeśli to się powtórzy, podaj nam numer poniżej.
key-title = Nie mogliśmy jeszcze potwierdzić, że to przyszło z Twojego banku
key-body = Odpowiedź jest podpisana kluczem, którego jeszcze nie znamy; właśnie go pobieramy. Karta nie została jeszcze dodana.
key-item-1 = Zostaw tę stronę otwartą przez minutę. Jeśli nic się nie stanie, odśwież ją.
f12-title = Ta odpowiedź należy do innej próby
f12-body = Być może dodawanie zaczęto więcej niż raz. { not-added }
f14-title = Nie wiemy, czego to dotyczy
f14-body = Bank skierował Cię tutaj, ale w tej przeglądarce nie jest dodawana żadna karta.
unreadable-title = Nie możemy odczytać odpowiedzi Twojego banku
other-title = Powrót nastąpił w innej przeglądarce
other-body = Dodawanie karty { $issuer } zaczęło się w innej przeglądarce. Aby chronić kartę, nie możemy dokończyć tego tutaj. W tej przeglądarce nie dodano żadnej karty.
other-why = Aplikacja { $issuer } otwiera tę przeglądarkę. Jeśli zaczniesz od nowa tutaj, wrócisz w to samo miejsce.
other-again = Zacznij od nowa w tej przeglądarce
other-alt = Albo wróć do przeglądarki, w której wszystko się zaczęło, i wybierz tam witrynę zamiast aplikacji.
mismatch-title = Kod się nie zgadza
mismatch-body = Odpowiedź z { $issuer } nie zawierała kodu, który tu pokazaliśmy, więc nie mamy pewności, że to Ty się tam logujesz. { not-added }
mismatch-retype = Jeśli to literówka: przejdź ponownie do { $issuer } i wpisz go dokładnie tak, jak jest tu pokazany.
mismatch-restart = Jeśli to literówka: zacznij od nowa. Otrzymasz nowy kod.
mismatch-stop = Jeśli ktoś przysłał Ci link do { $issuer } albo prosił o kod: przerwij. Ta osoba może chcieć mieć Twoją kartę w swoim portfelu. Zawiadom { $issuer }.

## Everything else
notfound-title = Tej strony tu nie ma
notfound-body = Adres może być nieaktualny lub błędnie wpisany. Jeśli właśnie dodajesz kartę, zacznij od nowa od swoich kart.
notfound-issuer-title = Ten bank nie jest tu dostępny
notfound-issuer-body = Być może już tego nie oferuje albo link jest błędny.
f09-title = Nie możemy teraz wczytać listy banków
f09-body = Usługa, która ją udostępnia, nie odpowiada. Twoje karty nadal działają.
f17-title = Nie można wysłać więcej kodów
f17-body = Twój bank pozwala tylko na kilka kodów dla jednej karty. Wybierz inny sposób albo zadzwoń do banku.
f17-body-issuer = { $issuer } pozwala tylko na kilka kodów dla jednej karty. Wybierz inny sposób albo zadzwoń tam.
f22-title = Coś poszło nie tak po naszej stronie
f22-body = Jeśli właśnie dodajesz kartę, sprawdź wśród swoich kart, czy się udało, zanim spróbujesz ponownie.
unavailable-title = Nie możemy teraz odpowiedzieć
unavailable-body = Twoje karty są bezpieczne. Spróbuj ponownie za minutę.
f25-title = Twoja przeglądarka blokuje potrzebny plik cookie
f25-body = Używamy pliku cookie, aby karta trafiła do Twojego portfela, a nie do cudzego. Zezwól na pliki cookie dla { $host } i spróbuj ponownie.
f25-title-stale = Ta strona była otwarta zbyt długo
f25-body-stale = Nie mieliśmy pewności, że to Ty. Nic nie zostało zmienione. Spróbuj ponownie.
handoff-title = Tego linku nie można już użyć
handoff-body = Link logowania działa tylko raz i tylko przez dwie minuty. Nic nie zostało zmienione.
moved-title = To już poszło dalej
moved-body = Nic nie zostało zrobione dwa razy.
input-title = W formularzu czegoś brakuje lub coś jest błędne
unread-title = Nie możemy odczytać tego żądania
unread-body = Nie można odczytać adresu lub formularza. Nic nie zostało zmienione.
nothing-changed = Nic nie zostało zmienione.
method-not-allowed-title = Tej strony nie można tak użyć
timeout-title = Przesyłanie trwało zbyt długo
timeout-body = Nic nie zostało zmienione. Spróbuj ponownie.
too-large-title = To było za dużo naraz
address-too-long-title = Ten adres jest za długi
unsupported-title = Nie możemy odczytać takiego formularza
misdirected-title = To nie jest nasz adres
misdirected-body = Żądanie wskazywało inny serwer. Nic nie zostało zmienione.
headers-title = Twoja przeglądarka wysłała zbyt wiele danych
headers-body = Może pomóc usunięcie plików cookie tej witryny.
credential-title = Brakuje danych dostępu lub są błędne
credential-body = Wyślij skonfigurowane dane dostępu w jednym nagłówku Authorization jako token Bearer.
