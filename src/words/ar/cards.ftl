# unreviewed

home-title = بطاقاتك
home-empty-title = لا توجد بطاقات بعد
home-empty-body = يمكنك إضافة بطاقة بتسجيل الدخول إلى البنك الذي أصدرها. لا حاجة إلى كتابة رقم البطاقة.
home-push-body = تُضاف البطاقات من البنك الذي تتعامل معه. افتح تطبيق البنك أو موقعه واختر إضافة بطاقة إلى هنا.
home-card-name = { $issuer }، تنتهي بـ { $last4 }
home-card-ending = تنتهي بـ { $last4 }
home-card-state-active = جاهزة للاستخدام
home-card-state-inactive = بانتظار الرمز
home-card-state-waiting = بانتظار تأكيد { $issuer }
home-card-state-locked = مقفلة بعد رموز خاطئة كثيرة
home-card-state-suspended = أوقفها { $issuer } مؤقتًا
home-card-state-declined = لم يوافق { $issuer } على هذه البطاقة
home-card-state-duplicate = موجودة في محفظتك من قبل
home-card-state-deactivated = أُزيلت
home-card-state-failed = لم تُضَف
home-card-state-adding = قيد الإضافة
home-card-state-doubt = نتحقق من الأمر مع Mastercard
home-pending = لا تزال إضافة بطاقتك من { $issuer } جارية.
home-pending-link = الاطلاع على سير الإضافة
home-error = لا يمكننا عرض بطاقاتك الآن. بطاقاتك في أمان. يُرجى المحاولة مرة أخرى بعد دقيقة.
home-retry = المحاولة مرة أخرى
sign-out = تسجيل الخروج

card-locked-title = رموز خاطئة كثيرة
card-locked-body = لحماية بطاقتك، لا يقبل { $issuer } رموزًا أخرى في الوقت الحالي. البطاقة في محفظتك، لكن لا يمكن استخدامها بعد.
card-suspended-body = لا يمكن الدفع بهذه البطاقة الآن. لا يستطيع تغيير ذلك إلا { $issuer }.
card-confirm = تأكيد هويتك
card-status = الحالة
card-issuer = البنك
card-product = البطاقة
card-last4 = الرقم
card-phone = الهاتف
card-website = الموقع الإلكتروني
card-terms = الشروط التي وافقت عليها
card-back = العودة إلى البطاقة
card-history = كيف أُضيفت هذه البطاقة

issuer-title = إضافة بطاقة من { $issuer }
issuer-lede = سيكون تسجيل الدخول لدى { $issuer } وليس هنا. لا نرى كلمة مرورك أبدًا.
issuer-phone-only = لا يتيح { $issuer } إضافة البطاقات إلا من تطبيقه على الهاتف.
issuer-not-this-phone = لا يقدم { $issuer } هذه الخدمة لهذا النوع من الهواتف.
issuer-not-this-device = لا يقدم { $issuer } هذه الخدمة لهذا الجهاز.
issuer-static = لإضافة بطاقتك، يُرجى فتح هذه الصفحة في متصفح.
issuer-tablet = هل هذا جهاز لوحي عليه تطبيق { $issuer }؟ إذن يمكن البدء من هنا.
issuer-start = البدء مع { $issuer }
issuer-start-tablet = البدء على هذا الجهاز اللوحي
issuer-start-anyway = البدء هنا على أي حال
issuer-other = اختيار بنك آخر

app-title = العودة إلى تطبيق { $wallet }
app-body = بدأت إضافة البطاقة في التطبيق، لكن طريق العودة من البنك أدى إلى هذا المتصفح. لم تُضَف هنا أي بطاقة ولم يُخصم أي مبلغ.
app-open = يُرجى فتح التطبيق يدويًا. سيعرض حالة بطاقتك.
app-again = إذا لم تظهر بطاقتك هناك، يمكن البدء من جديد في التطبيق.
app-elsewhere = إذا لم يكن التطبيق على هذا الجهاز، يُرجى فتحه على الجهاز الذي بدأت منه الإضافة.
