# unreviewed

skip-link = الانتقال إلى المحتوى الرئيسي
language-link =
    .aria-label = اللغة: { $language }. تغيير اللغة
footer-label = حول هذا الموقع
footer-help = المساعدة
footer-privacy = الخصوصية
footer-accessibility = إمكانية الوصول
demo-ribbon = عرض تجريبي. لا شيء هنا حقيقي: لا بنك ولا بطاقة ولا مال.
demo-scenario = سيناريو العرض التجريبي: { $name }
legal-marks = Mastercard وMaestro علامتان تجاريتان مسجلتان لشركة Mastercard International Incorporated.
legal-demo = { $wallet } عرض تجريبي، ولا صلة له بشركة Mastercard ولا بأي بنك.
page-title = { $page } – { $wallet }
back-home = الانتقال إلى بطاقاتك
get-help = الحصول على المساعدة
cancel-attempt = إلغاء
    .aria-label = إلغاء إضافة هذه البطاقة
error-title = خطأ: { $page }
error-summary-title = هناك مشكلة
reference-line = الرقم المرجعي للدعم: { $reference }
offline-banner = أنت غير متصل بالإنترنت. ستتابع هذه الصفحة عند عودة الاتصال.
opening-next = تم. جارٍ فتح الخطوة التالية.
what-now = ما يمكنك فعله
not-added = لم تُضَف البطاقة ولم يُخصم أي مبلغ.
add-a-card = إضافة بطاقة من بنكك
time-left = { $minutes ->
        [zero] انتهى وقتك تقريبًا.
        [one] بقيت لديك دقيقة واحدة تقريبًا.
        [two] بقيت لديك دقيقتان تقريبًا.
        [few] بقيت لديك { $minutes } دقائق تقريبًا.
        [many] بقيت لديك { $minutes } دقيقة تقريبًا.
       *[other] بقيت لديك { $minutes } دقيقة تقريبًا.
    }
