# unreviewed

home-title = Twoje karty
home-empty-title = Nie ma jeszcze kart
home-empty-body = Dodaj kartę, logując się w banku, który ją wydał. Numeru karty nie trzeba wpisywać.
home-push-body = Karty dodaje się w swoim banku. Otwórz aplikację lub stronę internetową banku i wybierz dodanie karty tutaj.
home-card-name = { $issuer }, kończy się na { $last4 }
home-card-ending = kończy się na { $last4 }
home-card-state-active = Gotowa do użycia
home-card-state-inactive = Czeka na Twój kod
home-card-state-waiting = Czeka na potwierdzenie: { $issuer }
home-card-state-locked = Zablokowana po zbyt wielu błędnych kodach
home-card-state-suspended = Wstrzymana przez bank { $issuer }
home-card-state-declined = Bank { $issuer } nie zatwierdził tej karty
home-card-state-duplicate = Jest już w Twoim portfelu
home-card-state-deactivated = Usunięta
home-card-state-failed = Niedodana
home-card-state-adding = W trakcie dodawania
home-card-state-doubt = Sprawdzamy w Mastercard
home-pending = Twoja karta { $issuer } jest jeszcze dodawana.
home-pending-link = Zobacz, na jakim to jest etapie
home-error = Nie możemy teraz wczytać Twoich kart. Twoje karty są bezpieczne. Spróbuj ponownie za minutę.
home-retry = Spróbuj ponownie
sign-out = Wyloguj się

card-locked-title = Zbyt wiele błędnych kodów
card-locked-body = Aby chronić Twoją kartę, bank { $issuer } na razie nie przyjmuje kolejnych kodów. Karta jest w Twoim portfelu, ale nie można jej jeszcze używać.
card-suspended-body = Tą kartą nie można teraz płacić. Może to zmienić tylko { $issuer }.
card-confirm = Potwierdź, że to Ty
card-status = Stan
card-issuer = Bank
card-product = Karta
card-last4 = Numer
card-phone = Telefon
card-website = Strona internetowa
card-terms = Zaakceptowane warunki
card-back = Wróć do karty
card-history = Jak ta karta została dodana

issuer-title = Dodaj kartę: { $issuer }
issuer-lede = Logujesz się w banku { $issuer }, nie tutaj. Nigdy nie widzimy Twojego hasła.
issuer-phone-only = { $issuer } pozwala dodawać karty tylko w aplikacji na telefon.
issuer-not-this-phone = { $issuer } nie oferuje tego na telefonach tego rodzaju.
issuer-not-this-device = { $issuer } nie oferuje tego na tym urządzeniu.
issuer-static = Otwórz tę stronę w przeglądarce, aby dodać kartę.
issuer-tablet = Czy to tablet, na którym jest aplikacja { $issuer }? W takim razie możesz zacząć tutaj.
issuer-start = Zacznij: { $issuer }
issuer-start-tablet = Zacznij na tym tablecie
issuer-start-anyway = Mimo to zacznij tutaj
issuer-other = Wybierz inny bank

app-title = Wróć do aplikacji { $wallet }
app-body = Dodawanie karty rozpoczęło się w aplikacji, a droga powrotna z banku zaprowadziła do tej przeglądarki. Tutaj nie dodano żadnej karty i nic nie zostało pobrane.
app-open = Otwórz aplikację samodzielnie. Pokaże, co dzieje się z Twoją kartą.
app-again = Jeśli karty tam nie ma, zacznij od nowa w aplikacji.
app-elsewhere = Jeśli aplikacji nie ma na tym urządzeniu, otwórz ją tam, gdzie rozpoczęto dodawanie.
