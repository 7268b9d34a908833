# unreviewed

## Waiting for us
verify-title = カードを確認しています
adding-title = カードを追加しています
code-checking = コードを確認しています
verify-step-received = { $issuer }から回答を受け取りました
verify-step-genuine = 回答が本物かどうかを確認しています
verify-step-ready = カードを準備しています
verify-state-done = 完了
verify-state-now = 進行中
verify-state-todo = 未開始
verify-status = 手順{ $n }/3：{ $step }。
verify-code = { $issuer }がコードを確認しています。
verify-hint = 通常は数秒で終わります。このページを開いたままで構いません。
verify-slow = いつもより時間がかかっています。Mastercard からの応答を待っています。何もする必要はありません。
verify-very-slow = まだ Mastercard からの回答を待っています。このページを離れても構いません。引き続き試み、結果はカード一覧に表示します。
verify-retrying = { $issuer }での手続きは終わっています。Mastercard からの応答を待っており、あと{ $minutes }分間試みます。もう一度ログインする必要はありません。
verify-doubt = 回答が途中で失われたため、カードがどうなったかを Mastercard に確認しています。カードが二重に追加されることはありません。
verify-leave = このページを離れても構いません。引き続き試み、結果はカード一覧に表示します。
verify-check = もう一度確認する

## Terms
terms-title = このカードをウォレットで使うための{ $issuer }の規約
terms-lede = カードを追加する前に、{ $issuer }の規約への同意が必要です。
terms-lede-several = { $cards }枚のカードを追加する前に、{ $issuer }の規約への同意が必要です。
terms-skip = ボタンへ移動
terms-contents = 目次
terms-language = { $issuer }の規約は次の言語で提供されています：{ $language }
terms-print = 印刷
terms-pdf-only = { $issuer }の規約は PDF ファイルで提供されています。同意する前に開いてお読みください。
terms-pdf-open = 規約を開く（PDF、{ $size }）
terms-size = { $kilobytes } kB
terms-accept = 同意してカードを追加
terms-accept-several = 同意してカードを追加
terms-decline = 同意しない
terms-changed = お読みいただいている間に{ $issuer }の規約が変わりました。新しい規約をお読みください。

## Choosing how to confirm
method-title = ご本人の確認
method-lede = { $issuer }が、このカードがご本人のものかを確認します。方法を選んでください。
method-lede-ending = { $issuer }が、末尾{ $digits }のカードがご本人のものかを確認します。方法を選んでください。
method-text = { $value } へ SMS
method-email = { $value } へメール
method-call-auto = { $value } に電話してコードを聞く
method-call-agent = { $issuer }（{ $value }）に電話する
method-issuer-calls = { $issuer }から { $value } に電話を受ける
method-website = { $issuer }のウェブサイトにログインする
method-app = { $issuer }のアプリを使う
method-continue = 次へ
method-later = 後で行う
method-error-none = { $issuer }による本人確認の方法を選んでください
method-later-note = 確認が済むまで、カードはウォレットに残ります。それまで支払いには使えません。
method-not-sent = 現在、この方法ではコードを送れません。別の方法を選んでください。
method-expired = コードの有効期限が切れました。新しいコードの受け取り方法を選んでください。
method-unsure = 最後に入力したコードが有効だったかどうか分かりません。続ける方法を選んでください。

## The code
code-title = { $issuer }からのコードを入力
code-sent-text = { $issuer }が { $value } に SMS でコードを送っています。
code-sent-email = { $issuer }が { $value } にメールでコードを送っています。
code-sent-call = { $value } に電話してください。音声でコードが流れます。
code-card = 末尾{ $digits }のカード用です。
code-label = コード
code-hint = 届くまで1分ほどかかることがあります。
code-hint-call = メモの用意をしてください。
code-submit = コードを確認
code-resend = コードを再送する
code-resend-wait = あと{ $seconds }秒で再送を依頼できます。
code-resend-now = 再送を依頼できるようになりました。
code-resent = { $issuer }がコードを再送しています。2通届いた場合、コードは同じです。
code-request-new = 新しいコードを依頼する
code-none-left = このカードにはこれ以上コードを送れません。届いていない場合は、{ $issuer }に電話してください。
code-other = 別の方法を使う
code-error-empty = コードを入力してください
code-error-format = コードに使われるのは英数字だけで、最大{ $max }文字です。届いたとおりに入力してください。
code-error-wrong = コードが違います。あと{ $left }回入力できます。
code-error-wrong-last = コードが違います。
code-error-expired = コードの有効期限が切れました。新しいコードを依頼してください。
code-error-not-sent = コードを送れませんでした。もう一度依頼するか、別の方法を使ってください。
code-error-unsure = 最後の入力が有効だったかどうか分かりません。もう一度コードを入力してください。
code-error-not-tried = 現在コードを確認できませんでした。入力回数には数えられていません。もう一度入力してください。

## Waiting for the issuer
await-title = { $issuer }の確認を待っています
await-body = カードはウォレットに入っています。{ $issuer }がご本人であることを確認すると使えるようになります。
await-agent = { $issuer }（{ $value }）に電話し、カードを{ $wallet }に追加していると伝えてください。確認が済むとこのページが変わります。
await-callback = { $issuer }から { $value } に電話があります。確認が済むとこのページが変わります。
await-website = { $issuer }のウェブサイトにログインし、そこで確認してください。
await-website-go = { $issuer }のウェブサイトへ
await-app = { $issuer }のアプリを開き、そこで確認してください。
await-check = もう一度確認する
await-later = このページを離れても構いません。それまでカードはウォレットに残りますが、支払いには使えません。

## Success
done-title = カードを追加しました
done-title-several = カードを追加しました
done-body = { $issuer }の末尾{ $digits }のカードを{ $wallet }で使えるようになりました。
done-body-plain = { $issuer }のカードを{ $wallet }で使えるようになりました。
done-body-several = { $issuer }のカード{ $cards }枚が{ $wallet }に入っています。
done-note = { $issuer }から、このカードが追加されたというお知らせが届くことがあります。心当たりのないカードのお知らせが届いたら、{ $issuer }に電話してください。
done-another = 別のカードを追加
