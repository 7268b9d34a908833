# unreviewed

home-title = カード一覧
home-empty-title = カードはまだありません
home-empty-body = カードを発行した銀行にログインして、カードを追加します。カード番号の入力は不要です。
home-push-body = カードはご利用の銀行から追加します。銀行のアプリまたはウェブサイトを開き、ここへのカードの追加を選んでください。
home-card-name = { $issuer }、末尾 { $last4 }
home-card-ending = 末尾 { $last4 }
home-card-state-active = 利用できます
home-card-state-inactive = コードの入力待ちです
home-card-state-waiting = { $issuer }の確認を待っています
home-card-state-locked = コードの誤入力が続いたため、ロックされています
home-card-state-suspended = { $issuer }が一時停止しています
home-card-state-declined = { $issuer }がこのカードを承認しませんでした
home-card-state-duplicate = すでにウォレットにあります
home-card-state-deactivated = 削除されました
home-card-state-failed = 追加されませんでした
home-card-state-adding = 追加しています
home-card-state-doubt = Mastercardに確認しています
home-pending = { $issuer }のカードをまだ追加しています。
home-pending-link = 状況を見る
home-error = 現在、カードを表示できません。カードは安全です。1分ほどしてから、もう一度お試しください。
home-retry = もう一度試す
sign-out = ログアウト

card-locked-title = コードの誤入力が続きました
card-locked-body = カードを守るため、{ $issuer }は現在コードを受け付けていません。カードはウォレットにありますが、まだ利用できません。
card-suspended-body = 現在、このカードではお支払いいただけません。変更できるのは{ $issuer }だけです。
card-confirm = ご本人確認をする
card-status = 状態
card-issuer = 銀行
card-product = カード
card-last4 = 番号
card-phone = 電話
card-website = ウェブサイト
card-terms = 同意した規約
card-back = カードに戻る
card-history = このカードの追加の経過

issuer-title = { $issuer }のカードを追加
issuer-lede = ログインするのは{ $issuer }で、ここではありません。パスワードが当方に知られることはありません。
issuer-phone-only = { $issuer }のカードは、スマートフォンのアプリからのみ追加できます。
issuer-not-this-phone = { $issuer }は、お使いの種類のスマートフォンには対応していません。
issuer-not-this-device = { $issuer }は、お使いの端末には対応していません。
issuer-static = カードを追加するには、このページをブラウザーで開いてください。
issuer-tablet = { $issuer }のアプリが入ったタブレットをお使いですか。その場合は、ここから始められます。
issuer-start = { $issuer }で始める
issuer-start-tablet = このタブレットで始める
issuer-start-anyway = このままここで始める
issuer-other = ほかの銀行を選ぶ

app-title = { $wallet }のアプリに戻ってください
app-body = カードの追加はアプリで始められましたが、銀行からの戻り先がこのブラウザーになりました。ここではカードは追加されておらず、料金も発生していません。
app-open = アプリをご自身で開いてください。カードの状況が表示されます。
app-again = カードが見当たらない場合は、アプリでもう一度始めてください。
app-elsewhere = この端末にアプリがない場合は、始めた端末でアプリを開いてください。
