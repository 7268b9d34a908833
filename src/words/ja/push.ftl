# unreviewed

push-title = { $count ->
       *[other] { $issuer }のカード{ $count }枚を追加しますか？
    }
push-body = { $count ->
       *[other] 開いたリンクは、{ $wallet }にカード{ $count }枚を追加しようとしています。
    } たった今、ご自身が銀行で手続きを始めた場合にだけ続けてください。
push-sent = 誰かから送られてきたリンクの場合は「今はしない」を選んでください。ほかの人のカードかもしれません。
push-unnamed = このリンクには、どの銀行からのものか書かれていません。完了後もこの画面にとどまります。
push-unsigned = このリンクには署名がないため、本当に{ $issuer }からのものか確認できません。完了後もこの画面にとどまります。
push-next = 銀行の規約を読んで同意するまで、何も追加されません。
push-accept = 続ける
push-decline = 今はしない
push-your-bank = ご利用の銀行
push-back = { $issuer }に戻る
push-back-site = { $issuer }（{ $site }）に戻る
push-proof = { $issuer }に戻ると、そこで確認できます。
push-over-title = この案内はもう使えません
push-over-body = { $issuer }から送られた内容は、期限が切れているか、すでに使われているか、別のウォレット宛てです。何も追加されていません。{ $issuer }に戻り、もう一度始めてください。
push-again = もう一度試すには、{ $issuer }に戻って始めてください。
push-malformed-title = このリンクを読み取れません
push-malformed-body = 途中で変更されたか、切れている可能性があります。何も追加されていません。
push-misplaced-title = このリンクはここでは使えません
push-misplaced-body = 追加の途中だったカードに戻るためのリンクです。何も追加されていません。始めた画面で続けてください。
push-not-signed-title = このリンクには署名がありません
push-not-signed-body = カードを追加する銀行のリンクには、Mastercardの署名が必要です。何も追加されていません。
push-issuer-title = どの銀行のリンクか分かりません
push-issuer-body = リンクで{ $wallet }にカードを追加できる銀行のものではありません。何も追加されておらず、ほかの場所に移動することもありません。
push-callback-title = このリンクの戻り先は正しくありません
push-callback-body = リンクが示す戻り先は、銀行のアドレスではありません。何も追加されておらず、そこに移動することもありません。
push-used-title = このリンクはすでに使われています
push-used-body = このリンクのカードは、ほかの場所で受け入れられたか、もう追加できません。ここでは何も追加されていません。必要な場合は、銀行でもう一度始めてください。
