# unreviewed

back-to-host = { $host } に戻る
foreign-host-title = このリンクは使用できません
foreign-host-body = リンクに指定された戻り先のページにはご案内できません。変更されたものはありません。このままカードを追加できます。
foreign-host-rule = リンクの作成者の方へ（英語）：{ $rule }
foreign-origin-title = このオリジンは登録されていません
foreign-origin-body = 登録済みのオリジンのスクリプトだけが読み取れます。登録はウォレットの運営者が embed.origins で行います。
