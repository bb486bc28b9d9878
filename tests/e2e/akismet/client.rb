# Debian's ruby-akismet against a server: ruby client.rb KEY COMMENTS
#
# It goes to https://rest.akismet.com, whatever one does.
require 'akismet'
require 'json'

key, file = ARGV

def named(comment)
  [comment['user_ip'], comment['user_agent'],
   { text: comment['comment_content'], author: comment['comment_author'],
     author_url: comment['comment_author_url'],
     author_email: comment['comment_author_email'],
     post_url: comment['permalink'] }]
end

comments = JSON.parse(File.read(file))
right = Akismet::Client.new(key, 'http://blog.example')
wrong = Akismet::Client.new('wrongwrong12', 'http://blog.example')

puts "verify #{right.verify_key}"
puts "spam #{right.spam?(*named(comments['spam']))}"
puts "ham #{right.spam?(*named(comments['ham']))}"
# These two raise if the answer is not what it must be.
right.spam(*named(comments['ham']))
right.ham(*named(comments['spam']))
puts 'submit-spam done'
puts 'submit-ham done'
puts "wrong key #{wrong.verify_key}"
begin
  wrong.check(*named(comments['spam']))
  puts 'wrong check no error'
rescue Akismet::Error => e
  puts "wrong check #{e.message}"
end
