# unreviewed

push-title = { $count ->
        [one] Dodać kartę z { $issuer }?
        [few] Dodać { $count } karty z { $issuer }?
        [many] Dodać { $count } kart z { $issuer }?
       *[other] Dodać { $count } karty z { $issuer }?
    }
push-body = { $count ->
        [one] Otwarty przez Ciebie link chce dodać kartę do { $wallet }.
        [few] Otwarty przez Ciebie link chce dodać { $count } karty do { $wallet }.
        [many] Otwarty przez Ciebie link chce dodać { $count } kart do { $wallet }.
       *[other] Otwarty przez Ciebie link chce dodać { $count } karty do { $wallet }.
    } Kontynuuj tylko wtedy, gdy właśnie samodzielnie zaczynasz to w swoim banku.
push-sent = Jeśli ktoś przysłał Ci ten link, wybierz „Nie teraz”: karta może należeć do kogoś innego.
push-unnamed = Link nie mówi, z którego banku pochodzi. Na końcu zostaniesz tutaj.
push-unsigned = Link nie jest podpisany, więc nie wiemy, czy naprawdę pochodzi z { $issuer }. Na końcu zostaniesz tutaj.
push-next = Nic nie zostanie dodane, zanim przeczytasz i zaakceptujesz warunki banku.
push-accept = Dalej
push-decline = Nie teraz
push-your-bank = Twój bank
push-back = Wróć do { $issuer }
push-back-site = Wróć do { $issuer } ({ $site })
push-proof = { $issuer } pozwala to potwierdzić po powrocie.
push-over-title = Z tej propozycji nie można już skorzystać
push-over-body = To, co wysłał { $issuer }, jest zbyt stare, zostało już użyte albo jest przeznaczone dla innego portfela. Nic nie zostało dodane. Wróć do { $issuer } i zacznij tam od nowa.
push-again = Aby spróbować ponownie, wróć do { $issuer } i zacznij tam.
push-malformed-title = Nie możemy odczytać tego linku
push-malformed-body = Mógł zostać zmieniony albo ucięty po drodze. Nic nie zostało dodane.
push-misplaced-title = Ten link nie pasuje w tym miejscu
push-misplaced-body = Miał przywrócić Cię do karty, którą już dodajesz. Nic nie zostało dodane. Kontynuuj tam, gdzie zacząłeś lub zaczęłaś.
push-not-signed-title = Ten link nie jest podpisany
push-not-signed-body = Link banku do dodania karty musi być podpisany przez Mastercard. Nic nie zostało dodane.
push-issuer-title = Nie wiemy, z którego banku jest ten link
push-issuer-body = Nie pochodzi z banku, który może dodawać karty do { $wallet } za pomocą linku. Nic nie zostało dodane i nigdzie Cię nie odsyłamy.
push-callback-title = Ten link prowadzi z powrotem pod zły adres
push-callback-body = Adres, pod który chce Cię odesłać, nie należy do banku. Nic nie zostało dodane i nie odsyłamy Cię tam.
push-used-title = Ten link został już użyty
push-used-body = Kartę przyjęto gdzie indziej albo nie można jej już dodać. Tutaj nic nie zostało dodane. Jeśli nadal jej chcesz, zacznij od nowa w swoim banku.
