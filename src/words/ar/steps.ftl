# unreviewed

## Waiting for us
verify-title = جارٍ التحقق من بطاقتك
adding-title = جارٍ إضافة بطاقتك
code-checking = جارٍ التحقق من رمزك
verify-step-received = وصل الرد من { $issuer }
verify-step-genuine = التحقق من صحته
verify-step-ready = تجهيز بطاقتك
verify-state-done = تم
verify-state-now = قيد التنفيذ
verify-state-todo = لم يبدأ بعد
verify-status = الخطوة { $n } من 3: { $step }.
verify-code = يتحقق { $issuer } من الرمز.
verify-hint = يستغرق ذلك عادةً بضع ثوانٍ. يمكنك ترك هذه الصفحة مفتوحة.
verify-slow = يستغرق ذلك وقتًا أطول من المعتاد. نحن في انتظار Mastercard. لا يلزمك فعل أي شيء.
verify-very-slow = ما زلنا ننتظر ردًا من Mastercard. يمكنك مغادرة هذه الصفحة: سنواصل المحاولة ونعرض النتيجة مع بطاقاتك.
verify-retrying = أتمّ { $issuer } ما عليه. نحن في انتظار Mastercard وسنواصل المحاولة لمدة { $minutes ->
        [zero] أقل من دقيقة
        [one] دقيقة واحدة
        [two] دقيقتين
        [few] { $minutes } دقائق
        [many] { $minutes } دقيقة
       *[other] { $minutes } دقيقة
    }. لا يلزمك تسجيل الدخول مرة أخرى.
verify-doubt = ضاع الرد في الطريق، لذلك نستعلم من Mastercard عمّا حدث لبطاقتك. لا تُضاف البطاقة مرتين أبدًا.
verify-leave = يمكنك مغادرة هذه الصفحة: سنواصل المحاولة ونعرض النتيجة مع بطاقاتك.
verify-check = التحقق مرة أخرى

## Terms
terms-title = شروط { $issuer } لاستخدام هذه البطاقة في محفظة
terms-lede = يطلب { $issuer } قبول هذه الشروط قبل إضافة البطاقة.
terms-lede-several = يطلب { $issuer } قبول هذه الشروط قبل إضافة { $cards ->
        [zero] البطاقات ({ $cards })
        [one] بطاقة واحدة
        [two] البطاقتين
        [few] { $cards } بطاقات
        [many] { $cards } بطاقة
       *[other] { $cards } بطاقة
    }.
terms-skip = الانتقال إلى الأزرار
terms-contents = المحتويات
terms-language = يقدّم { $issuer } هذه الشروط باللغة التالية: { $language }.
terms-print = طباعة
terms-pdf-only = يقدّم { $issuer } هذه الشروط في ملف PDF. يُرجى فتحه وقراءته قبل القبول.
terms-pdf-open = فتح الشروط (PDF، { $size })
terms-size = { $kilobytes } كيلوبايت
terms-accept = قبول وإضافة البطاقة
terms-accept-several = قبول وإضافة البطاقات
terms-decline = عدم القبول
terms-changed = غيّر { $issuer } الشروط أثناء قراءتك. يُرجى قراءة النسخة الجديدة.

## Choosing how to confirm
method-title = تأكيد هويتك
method-lede = يريد { $issuer } التحقق من أن هذه البطاقة لك. يُرجى اختيار الطريقة.
method-lede-ending = يريد { $issuer } التحقق من أن البطاقة المنتهية بالأرقام { $digits } لك. يُرجى اختيار الطريقة.
method-text = رسالة نصية إلى { $value }
method-email = بريد إلكتروني إلى { $value }
method-call-auto = الاتصال بالرقم { $value } والاستماع إلى رمز
method-call-agent = الاتصال بـ { $issuer } على { $value }
method-issuer-calls = تلقّي مكالمة من { $issuer } على { $value }
method-website = تسجيل الدخول إلى موقع { $issuer }
method-app = استخدام تطبيق { $issuer }
method-continue = متابعة
method-later = القيام بذلك لاحقًا
method-error-none = يُرجى اختيار الطريقة التي يؤكد بها { $issuer } هويتك
method-later-note = تبقى البطاقة في محفظتك حتى التأكيد. لا يمكنك الدفع بها قبل ذلك.
method-not-sent = لا يمكن إرسال رمز بهذه الطريقة الآن. يُرجى اختيار طريقة أخرى.
method-expired = انتهت صلاحية هذا الرمز. يُرجى اختيار طريقة الحصول على رمز جديد.
method-unsure = لا نعرف إن كان رمزك الأخير قد احتُسب. يُرجى اختيار طريقة المتابعة.

## The code
code-title = إدخال الرمز الوارد من { $issuer }
code-sent-text = يرسل { $issuer } رمزًا في رسالة نصية إلى { $value }.
code-sent-email = يرسل { $issuer } رمزًا بالبريد الإلكتروني إلى { $value }.
code-sent-call = يُرجى الاتصال بالرقم { $value } لسماع الرمز.
code-card = وهو لبطاقتك المنتهية بالأرقام { $digits }.
code-label = الرمز
code-hint = قد يستغرق وصوله دقيقة.
code-hint-call = يُستحسن تجهيز ورقة وقلم.
code-submit = تأكيد الرمز
code-resend = إرسال الرمز مرة أخرى
code-resend-wait = { $seconds ->
        [zero] يمكنك طلبه مرة أخرى الآن.
        [one] يمكنك طلبه مرة أخرى بعد ثانية واحدة.
        [two] يمكنك طلبه مرة أخرى بعد ثانيتين.
        [few] يمكنك طلبه مرة أخرى بعد { $seconds } ثوانٍ.
        [many] يمكنك طلبه مرة أخرى بعد { $seconds } ثانية.
       *[other] يمكنك طلبه مرة أخرى بعد { $seconds } ثانية.
    }
code-resend-now = يمكنك طلبه مرة أخرى الآن.
code-resent = يرسل { $issuer } الرمز مرة أخرى. إذا وصل رمزان فهما متطابقان.
code-request-new = طلب رمز جديد
code-none-left = لا يمكن إرسال المزيد من الرموز لهذه البطاقة. إذا لم يصل أي رمز، يُرجى الاتصال بـ { $issuer }.
code-other = استخدام طريقة أخرى
code-error-empty = يُرجى إدخال الرمز
code-error-format = يتكوّن الرمز من حروف وأرقام فقط، { $max } على الأكثر. يُرجى إدخاله كما وصلك.
code-error-wrong = هذا الرمز غير صحيح. { $left ->
        [zero] لم تتبقَّ أي محاولة.
        [one] تبقّت لك محاولة واحدة.
        [two] تبقّت لك محاولتان.
        [few] تبقّت لك { $left } محاولات.
        [many] تبقّت لك { $left } محاولة.
       *[other] تبقّت لك { $left } محاولة.
    }
code-error-wrong-last = هذا الرمز غير صحيح.
code-error-expired = انتهت صلاحية هذا الرمز. يُرجى طلب رمز جديد.
code-error-not-sent = تعذّر إرسال الرمز. يُرجى طلبه مرة أخرى أو استخدام طريقة أخرى.
code-error-unsure = لا نعرف إن كانت محاولتك الأخيرة قد احتُسبت. يُرجى إدخال الرمز مرة أخرى.
code-error-not-tried = تعذّر التحقق من الرمز الآن. لم يُحتسب ذلك محاولةً. يُرجى إدخاله مرة أخرى.

## Waiting for the issuer
await-title = في انتظار تأكيد { $issuer }
await-body = بطاقتك في المحفظة. يمكنك استخدامها عندما يتأكد { $issuer } من هويتك.
await-agent = يُرجى الاتصال بـ { $issuer } على { $value } وإبلاغه بأنك تضيف بطاقتك إلى { $wallet }. تتغيّر هذه الصفحة عند التأكيد.
await-callback = سيتصل بك { $issuer } على { $value }. تتغيّر هذه الصفحة عند التأكيد.
await-website = يُرجى تسجيل الدخول إلى موقع { $issuer } والتأكيد هناك.
await-website-go = الانتقال إلى موقع { $issuer }
await-app = يُرجى فتح تطبيق { $issuer } والتأكيد هناك.
await-check = التحقق مرة أخرى
await-later = يمكنك مغادرة هذه الصفحة. تبقى البطاقة في محفظتك حتى ذلك الحين، ولا يمكنك الدفع بها قبله.

## Success
done-title = تمت إضافة البطاقة
done-title-several = تمت إضافة البطاقات
done-body = بطاقتك من { $issuer } المنتهية بالأرقام { $digits } جاهزة للاستخدام في { $wallet }.
done-body-plain = بطاقتك من { $issuer } جاهزة للاستخدام في { $wallet }.
done-body-several = { $cards ->
        [zero] لا توجد بطاقات من { $issuer } في { $wallet }.
        [one] بطاقة واحدة من { $issuer } موجودة في { $wallet }.
        [two] بطاقتان من { $issuer } موجودتان في { $wallet }.
        [few] { $cards } بطاقات من { $issuer } موجودة في { $wallet }.
        [many] { $cards } بطاقة من { $issuer } موجودة في { $wallet }.
       *[other] { $cards } بطاقة من { $issuer } موجودة في { $wallet }.
    }
done-note = قد يرسل { $issuer } إليك رسالة تفيد بإضافة هذه البطاقة. إذا وصلتك رسالة عن بطاقة لم تضفها، يُرجى الاتصال بالبنك.
done-another = إضافة بطاقة أخرى
