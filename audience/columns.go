package audience

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A column is what the cells under one heading mean.
type column int

const (
	asIgnored column = iota
	asExternal
	asName
	asFirstName
	asLastName
	asLanguage
	asZone
	asPlan
	asFee
	asCurrency
	asServices
	asMail
	asMobile
	asPhone
	asWebhook
	asCountry
	asConsentText
	asConsentAt
	asConsentHow
)

// headings are what people and programs call the columns, folded (see folded), in the languages Candor speaks.
var headings = map[column]string{
	asExternal: `id externalid external customerid customernumber customerno custid clientid clientnumber accountid accountnumber accountno account
		userid uid reference ref kundennummer kundennr kundenid kdnr kundenkonto kontonummer idcliente numerocliente numerodecliente
		nocliente codigocliente codigodecliente idpelanggan nomorpelanggan nopelanggan kodepelanggan 客戶編號 客户编号 客戶代碼 客戶id 編號 编号 帳號`,
	asName: `name fullname customername customer client company companyname organisation organization firma firmenname kunde kundenname
		nombre nombrecompleto nombredelcliente cliente empresa razonsocial nama namalengkap namapelanggan pelanggan perusahaan
		namaperusahaan 姓名 名稱 名称 客戶 客戶名稱 客户名称 公司 公司名稱`,
	asFirstName: `firstname givenname forename vorname primernombre namadepan`,
	asLastName:  `lastname surname familyname nachname familienname apellido apellidos namabelakang`,
	asLanguage:  `language lang locale sprache idioma lengua bahasa 語言 语言`,
	asZone:      `timezone tz zone zeitzone zonahoraria husohorario zonawaktu 時區 时区`,
	asPlan:      `plan tariff tarif package paket subscription abo abonnement suscripcion paquete langganan 方案 方案名稱`,
	asFee: `fee monthlyfee price monthlyprice mrr amount gebuhr monatsgebuhr preis monatspreis betrag cuota cuotamensual tarifa precio
		importe biaya biayabulanan harga 費用 月費 费用 月费 金額`,
	asCurrency: `currency wahrung waehrung moneda divisa matauang 貨幣 幣別 货币`,
	asServices: `components component services service products product komponenten komponente dienste dienst produkte produkt componentes
		componente servicios servicio productos producto komponen layanan produk 服務 服务 元件 組件 产品 產品`,
	asMail: `email mail emailaddress mailaddress emails mails emailadresse mailadresse correo correoelectronico correos direcciondecorreo
		direcciondecorreoelectronico surel alamatemail alamatsurel 電子郵件 電子郵件地址 电子邮件 信箱 郵箱 邮箱 電郵`,
	asMobile: `mobile mobilephone mobilenumber cell cellphone cellular sms handy handynummer mobil mobilnummer mobiltelefon movil celular
		telefonomovil hp nomorhp nohp ponsel nomorponsel 手機 手机 手機號碼 行動電話`,
	asPhone:       `phone phonenumber telephone tel telefon telefonnummer festnetz telefono numerodetelefono fijo telepon nomortelepon 電話 电话 電話號碼 市話`,
	asWebhook:     `webhook webhookurl callback callbackurl`,
	asCountry:     `country countrycode land landeskennung pais negara 國家 国家`,
	asConsentText: `consent consenttext einwilligung einwilligungstext consentimiento textodeconsentimiento persetujuan 同意 同意書`,
	asConsentAt: `consentat consentdate consentwhen consenttime einwilligungam einwilligungsdatum fechaconsentimiento fechadeconsentimiento
		tanggalpersetujuan 同意日期 同意時間`,
	asConsentHow: `consenthow consentmethod consentsource einwilligungwie einwilligungsart mediodeconsentimiento formadeconsentimiento
		carapersetujuan 同意方式`,
}

// meanings finds a column by its folded heading.
var meanings = func() map[string]column {
	all := map[string]column{}
	for c, words := range headings {
		for w := range strings.FieldsSeq(words) {
			all[w] = c
		}
	}
	return all
}()

// folded leaves only letters, without accents and case: "E-Mail 2" and "e_mail" are the same heading.
func folded(heading string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(heading)) {
		if unicode.IsLetter(r) {
			b.WriteRune(r)
		}
	}
	return strings.ReplaceAll(norm.NFC.String(b.String()), "ß", "ss")
}

// columnsOf reads a first line as headings; recognised is how many mean something.
func columnsOf(cells []string) (all []column, recognised int) {
	for _, cell := range cells {
		c := meanings[folded(cell)]
		if c != asIgnored {
			recognised++
		}
		all = append(all, c)
	}
	return all, recognised
}
